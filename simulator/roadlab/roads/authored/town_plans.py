"""The plane graphs that streets of a town follow, style by style."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_KMH = 1.0 / 3.6


@dataclass(frozen=True, eq=False)
class TownPlan:
    """Nodes and the edges between them, which do not cross."""

    graph: nx.Graph
    """Its edges bear the `profile` of their streets."""
    places: Mapping[int, Floats]
    """(2,) x, y of each node [m]."""
    limits: Mapping[str, float]
    """Speed limit of each profile [m/s]."""
    main: tuple[str, ...]
    """Profiles of main streets."""


def grid(size: float, rng: np.random.Generator) -> TownPlan:
    """Blocks between streets at nearly right angles; every third street is a main street."""
    count = max(3, round(size / 130.0) + 1)
    pitch = size / (count - 1)
    graph, places = nx.Graph(), dict[int, Floats]()
    for i in range(count):
        for j in range(count):
            jitter = rng.uniform(-0.07, 0.07, 2) * pitch
            places[i * count + j] = np.array([i * pitch, j * pitch]) - 0.5 * size + jitter
            if i + 1 < count:
                graph.add_edge(i * count + j, (i + 1) * count + j, profile=_rank(j, "urban_2x1_parking"))
            if j + 1 < count:
                graph.add_edge(i * count + j, i * count + j + 1, profile=_rank(i, "urban_2x1_parking"))
    _thinned(graph, rng, 0.12, keep=("urban_2x1_parking_cycle",))
    limits = {"urban_2x1_parking": 30.0 * _KMH, "urban_2x1_parking_cycle": 50.0 * _KMH}
    return TownPlan(graph, places, limits, ("urban_2x1_parking_cycle",))


def suburb(size: float, rng: np.random.Generator) -> TownPlan:
    """Winding residential streets, some of which end, off a few wider ones."""
    count = max(3, round(size / 140.0) + 1)
    pitch = size / (count - 1)
    graph, places = nx.Graph(), dict[int, Floats]()
    for i in range(count):
        for j in range(count):
            jitter = rng.uniform(-0.12, 0.12, 2) * pitch
            places[i * count + j] = np.array([i * pitch, j * pitch]) - 0.5 * size + jitter
            if i + 1 < count:
                graph.add_edge(i * count + j, (i + 1) * count + j, profile=_wide(j))
            if j + 1 < count:
                graph.add_edge(i * count + j, i * count + j + 1, profile=_wide(i))
    _thinned(graph, rng, 0.25, keep=("urban_2x1",))
    _winding(graph, places, rng, 0.12)
    _dead_ends(graph, places, rng, 0.5 * pitch)
    return TownPlan(graph, places, {"residential": 30.0 * _KMH, "urban_2x1": 50.0 * _KMH}, ("urban_2x1",))


def old_town(size: float, rng: np.random.Generator) -> TownPlan:
    """Rings of crooked streets round a square, with lanes between them."""
    rings = max(2, round(0.5 * size / 95.0))
    pitch = 0.5 * size / rings
    graph, places = nx.Graph(), dict[int, Floats]()
    before: list[int] = []
    for ring in range(1, rings + 1):
        count = max(5, round(2.0 * math.pi * ring * pitch / 115.0))
        turn = rng.uniform(0.0, 2.0 * math.pi)
        nodes = list(range(len(places), len(places) + count))
        for k, node in enumerate(nodes):
            angle = turn + (k + rng.uniform(-0.08, 0.08)) * 2.0 * math.pi / count
            radius = ring * pitch * (1.0 + rng.uniform(-0.05, 0.05) / ring)
            places[node] = radius * np.array([math.cos(angle), math.sin(angle)])
        outer = "urban_2x1" if ring == rings else "residential"
        for k, node in enumerate(nodes):
            graph.add_edge(node, nodes[(k + 1) % count], profile=outer)
        _spokes(graph, places, before, nodes)
        before = nodes
    _thinned(graph, rng, 0.08, keep=("urban_2x1",))
    _winding(graph, places, rng, 0.06)
    return TownPlan(graph, places, {"residential": 30.0 * _KMH, "urban_2x1": 50.0 * _KMH}, ("urban_2x1",))


PLANS: Mapping[str, Callable[[float, np.random.Generator], TownPlan]] = {
    "grid": grid,
    "suburb": suburb,
    "old_town": old_town,
}


def _rank(line: int, usual: str) -> str:
    return "urban_2x1_parking_cycle" if line % 3 == 1 else usual


def _wide(line: int) -> str:
    return "urban_2x1" if line % 3 == 1 else "residential"


def _thinned(graph: nx.Graph, rng: np.random.Generator, share: float, keep: tuple[str, ...]) -> None:
    """Takes away a share of the edges, so that all stays connected and no new dead end arises."""
    edges = sorted(graph.edges)
    order = rng.permutation(len(edges))
    left = round(share * len(edges))
    for k in order:
        a, b = edges[k]
        if left == 0:
            return
        attributes = dict(graph.edges[a, b])
        if attributes["profile"] in keep or min(len(graph[a]), len(graph[b])) < 3:
            continue
        graph.remove_edge(a, b)
        if nx.has_path(graph, a, b):
            left -= 1
        else:
            graph.add_edge(a, b, **attributes)


def _winding(graph: nx.Graph, places: dict[int, Floats], rng: np.random.Generator, share: float) -> None:
    """Puts a node beside the middle of each edge."""
    for a, b in sorted(graph.edges):
        way = places[b] - places[a]
        aside = rng.uniform(-share, share) * np.array([-way[1], way[0]])
        profile, node = graph.edges[a, b]["profile"], len(places)
        places[node] = 0.5 * (places[a] + places[b]) + aside
        graph.remove_edge(a, b)
        graph.add_edge(a, node, profile=profile)
        graph.add_edge(node, b, profile=profile)


def _dead_ends(graph: nx.Graph, places: dict[int, Floats], rng: np.random.Generator, length: float) -> None:
    """Adds streets that end, into the widest free angle of some of the nodes where three meet."""
    for node in sorted(graph):
        if len(graph[node]) != 3 or rng.uniform() > 0.6:
            continue
        bearings = sorted(float(np.arctan2(*(places[other] - places[node])[::-1])) for other in graph[node])
        gaps = [(b - a) % (2.0 * math.pi) for a, b in zip(bearings, [*bearings[1:], bearings[0]], strict=True)]
        widest = int(np.argmax(gaps))
        if gaps[widest] < math.radians(150.0):
            continue
        angle = bearings[widest] + 0.5 * gaps[widest]
        end = len(places)
        places[end] = places[node] + length * np.array([math.cos(angle), math.sin(angle)])
        if _is_free(graph, places, node, end):
            graph.add_edge(node, end, profile="residential")


def _is_free(graph: nx.Graph, places: dict[int, Floats], node: int, end: int) -> bool:
    """Whether the way from a node to a new place keeps clear of all other edges."""
    way = places[end] - places[node]
    points = places[node] + np.linspace(0.35, 1.2, 12)[:, None] * way
    edges = np.array([(places[a], places[b]) for a, b in sorted(graph.edges)])
    start, along = edges[:, 0], edges[:, 1] - edges[:, 0]
    share = np.einsum("pec,ec->pe", points[:, None] - start, along) / np.sum(along**2, axis=1)
    nearest = start + np.clip(share, 0.0, 1.0)[..., None] * along
    return bool(np.min(np.linalg.norm(points[:, None] - nearest, axis=-1)) > 18.0)


def _spokes(graph: nx.Graph, places: Mapping[int, Floats], inner: list[int], outer: list[int]) -> None:
    """An edge from each inner node to the nearest outer one that has none yet, if it leads nearly outwards."""
    taken: set[int] = set()
    for node in inner:
        away = sorted(outer, key=lambda other: float(np.linalg.norm(places[other] - places[node])))
        nearest = away[0]
        way = places[nearest] - places[node]
        cosine = float(way @ places[node]) / float(np.linalg.norm(way) * np.linalg.norm(places[node]))
        if nearest not in taken and cosine > math.cos(math.radians(32.0)):
            taken.add(nearest)
            graph.add_edge(node, nearest, profile="residential")
