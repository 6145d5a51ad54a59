"""The palette: what must be told apart stays apart under the common kinds of colour blindness, light and dark."""

import numpy as np
import pytest

from detente.charts.theme import COLD, COLORS, DARK, INK, PAPER, SAID, WARM

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
KINDS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    "full sight": np.eye(3).tolist(),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(colour: str, kind: str) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(np.array(KINDS[kind]) @ linear(colour), 0, 1) / np.array([0.9505, 1, 1.089])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(one: str, other: str, kind: str) -> float:
    """Distance in CIELAB (1976); about 2 is just seen side by side, 20 is told at a glance."""
    return float(np.linalg.norm(lab(one, kind) - lab(other, kind)))


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio."""
    light, dark = sorted((float(TO_XYZ[1] @ linear(c)) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def in_theme(colour: str, theme: str) -> str:
    return DARK[colour] if theme == "dark" else colour


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_cooperation_and_conflict_are_told_apart(kind: str, theme: str) -> None:
    good = [in_theme(c, theme) for name, c in COLORS.items() if name.endswith("cooperation")]
    bad = [in_theme(c, theme) for name, c in COLORS.items() if name.endswith("conflict")]
    assert min(apart(x, y, kind) for x in good for y in bad) > 20
    assert apart(in_theme(INK, theme), in_theme(SAID, theme), kind) > 20


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_and_deeds_stand_out_from_the_page(theme: str) -> None:
    for colour in (WARM, COLD, INK, SAID):
        assert contrast(in_theme(colour, theme), in_theme(PAPER, theme)) >= 3
