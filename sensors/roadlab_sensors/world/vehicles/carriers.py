"""Proportions of what carries more than a family: pickup with a double cab and minibus.

As for cars, after side and front views of current models of each class.
"""

from __future__ import annotations

from roadlab_sensors.world.vehicles.proportions import FLANK, Lamps, Proportions

# fmt: off
CARRIERS: dict[str, Proportions] = {
    "pickup": Proportions(
        body_width=1.88,
        shoulder=((4.13, 0.93), (3.95, 1.02), (3.5, 1.1), (2.9, 1.14), (1.8, 1.15), (0.4, 1.17), (-0.4, 1.18),
            (-1.22, 1.175)),
        bottom=((4.13, 0.38), (3.6, 0.33), (2.4, 0.35), (0.7, 0.36), (-0.4, 0.42), (-1.22, 0.52)),
        crown=((4.13, 0.0), (3.85, 0.05), (2.9, 0.075), (0.6, 0.02), (0.2, 0.0), (-1.22, 0.0)),
        nose_depth=0.58, tail_depth=0.2, nose_exponent=3.2, tail_exponent=5.0,
        flank=FLANK,
        nose=((0.0, 0.1), (0.08, 0.05), (0.3, 0.01), (0.4, 0.0), (0.6, 0.005), (0.78, 0.015), (0.9, 0.045),
            (1.0, 0.13)),
        tail=((0.0, 0.06), (0.08, 0.02), (0.2, 0.0), (0.3, 0.0), (0.36, 0.05), (0.7, 0.055), (1.0, 0.06)),
        arch_gap=0.07, cladding=0.07,
        cowl=2.78, header=1.95, roof_end=0.5, base_end=0.32, base_width=0.86, roof_width=0.655,
        rail=((1.95, 1.67), (1.5, 1.735), (1.0, 1.745), (0.5, 1.71)), roof_crown=0.045,
        glass_front=(2.42, 1.78), glass_rear=(0.52, 0.66), glass_above_belt=0.035, glass_below_rail=0.06,
        pillars=((1.42, 1.36, 0.1), (0.66, 0.72, 0.03)), tinted_behind=1.4,
        rear_glass=(1.26, 1.66), rear_glass_width=(0.8, 0.84),
        door_cuts=(2.5, 1.42, 0.44),
        head_lamp=Lamps(((0.5, 0.8), (0.52, 0.92), (0.8, 0.97), (1.1, 1.02), (1.08, 0.95), (0.9, 0.83)), 0.02),
        tail_lamp=Lamps(((0.8, 0.78), (0.8, 1.12), (1.0, 1.12), (1.0, 0.78)), 0.03),
        grille=((0.0, 0.68), (0.44, 0.68), (0.5, 0.93), (0.0, 0.94)),
        intake=((0.0, 0.42), (0.5, 0.42), (0.6, 0.56), (0.0, 0.56)),
        front_plate=0.62, rear_plate=0.66, boot_line=0.76, seat_rows=(1.72, 0.98), bed=(-1.06, 0.22),
    ),
    "minibus": Proportions(
        body_width=2.02,
        shoulder=((5.1, 0.98), (4.92, 1.1), (4.6, 1.24), (4.2, 1.32), (3.2, 1.34), (0.5, 1.35), (-1.9, 1.35)),
        bottom=((5.1, 0.26), (4.6, 0.24), (2.4, 0.26), (0.4, 0.27), (-0.6, 0.3), (-1.9, 0.42)),
        crown=((5.1, 0.0), (4.8, 0.06), (4.4, 0.08), (-1.7, 0.02), (-1.9, 0.0)),
        nose_depth=0.72, tail_depth=0.22, nose_exponent=3.2, tail_exponent=5.0,
        flank=((0.0, 0.08), (0.06, 0.045), (0.25, 0.018), (0.45, 0.006), (0.62, 0.0), (0.66, 0.008), (0.9, 0.012),
            (1.0, 0.022)),
        nose=((0.0, 0.1), (0.08, 0.05), (0.25, 0.012), (0.36, 0.0), (0.5, 0.012), (0.7, 0.04), (0.86, 0.085),
            (1.0, 0.18)),
        tail=((0.0, 0.08), (0.08, 0.03), (0.2, 0.0), (0.26, 0.004), (0.32, 0.05), (0.6, 0.052), (1.0, 0.06)),
        arch_gap=0.06, cladding=0.0,
        cowl=4.56, header=3.62, roof_end=-1.72, base_end=-1.82, base_width=0.984, roof_width=0.83,
        rail=((3.62, 2.5), (3.0, 2.63), (2.0, 2.68), (0.0, 2.68), (-1.72, 2.64)), roof_crown=0.1,
        glass_front=(4.16, 3.46), glass_rear=(-1.62, -1.56), glass_above_belt=0.06, glass_below_rail=0.36,
        pillars=((3.02, 3.0, 0.12), (1.86, 1.86, 0.12), (0.72, 0.72, 0.1), (-0.42, -0.42, 0.1)), tinted_behind=2.96,
        rear_glass=(1.5, 2.26), rear_glass_width=(0.8, 0.82),
        door_cuts=(4.08, 3.0, 1.8),
        head_lamp=Lamps(((0.52, 0.86), (0.54, 0.99), (0.8, 1.08), (1.18, 1.16), (1.16, 1.07), (0.95, 0.88)), 0.03),
        tail_lamp=Lamps(((0.9, 0.8), (0.9, 1.3), (1.1, 1.3), (1.1, 0.8)), 0.03),
        grille=((0.0, 0.8), (0.5, 0.82), (0.52, 0.95), (0.0, 0.95)),
        intake=((0.0, 0.32), (0.58, 0.32), (0.68, 0.5), (0.0, 0.5)),
        front_plate=0.6, rear_plate=0.92, boot_line=0.6, seat_rows=(3.25, 2.25, 1.45, 0.65, -0.15, -0.95),
    ),
}
# fmt: on
