"""Arithmetic on parameters, `${ego_speed * 1.2}`: parsed by a grammar of its own and never handed to Python."""

from roadlab.scenario.expressions.evaluate import Scope, evaluate
from roadlab.scenario.expressions.measure import Measure, Value
from roadlab.scenario.expressions.syntax import Expression, ExpressionError, UndefinedError, parse

__all__ = ["Expression", "ExpressionError", "Measure", "Scope", "UndefinedError", "Value", "evaluate", "parse"]
