"""Five themes. Colour only repeats what a mark or a word already says; each pair is readable on its own."""

from collections.abc import Mapping

from textual.theme import BUILTIN_THEMES, Theme

Marks = Mapping[str, tuple[str, str]]
DARK_NAME, MONO_NAME = "deskcal-dark", "deskcal-mono"

# A mark has the colour of its text and the colour of its ground.
DARK: Marks = {
    "free": ("#9fe8a0", "#10301a"),
    "few": ("#ffd27a", "#33270a"),
    "pending": ("#000000", "#ffa62b"),
    "mine": ("#000000", "#ffa62b"),
    "held": ("#ffc266", "#3a2a10"),
    "booked": ("#e0e0e0", "#26364a"),
    "arrived": ("#cfe8ff", "#14507a"),
    "taken": ("#c0c0c0", "#26364a"),
    "closed": ("#8a8a8a", "#161616"),
    "cursor": ("#000000", "#ffffff"),
    "alarm": ("#ffffff", "#a3122f"),
}
LIGHT: Marks = {
    "free": ("#0b4a17", "#cdeed0"),
    "few": ("#5c3d00", "#ffe9b3"),
    "pending": ("#000000", "#ffa62b"),
    "mine": ("#000000", "#ffa62b"),
    "held": ("#663c00", "#ffdcae"),
    "booked": ("#10243a", "#c9d8ea"),
    "arrived": ("#002a4d", "#a8d4f7"),
    "taken": ("#33475c", "#c9d8ea"),
    "closed": ("#5c5c5c", "#eeeeee"),
    "cursor": ("#ffffff", "#000000"),
    "alarm": ("#ffffff", "#a3122f"),
}
CONTRAST: Marks = {
    "free": ("#00ff5f", "#000000"),
    "few": ("#ffff00", "#000000"),
    "pending": ("#000000", "#ffff00"),
    "mine": ("#000000", "#ffff00"),
    "held": ("#ffaf00", "#000000"),
    "booked": ("#ffffff", "#000000"),
    "arrived": ("#5fd7ff", "#000000"),
    "taken": ("#d0d0d0", "#000000"),
    "closed": ("#a8a8a8", "#000000"),
    "cursor": ("#000000", "#ffffff"),
    "alarm": ("#ffffff", "#af0000"),
}


OWN = "ansi_default"
ANSI: Marks = {
    "free": ("ansi_green", OWN),
    "few": ("ansi_yellow", OWN),
    "pending": ("ansi_black", "ansi_yellow"),
    "mine": ("ansi_black", "ansi_yellow"),
    "held": ("ansi_yellow", OWN),
    "booked": (OWN, OWN),
    "arrived": ("ansi_cyan", OWN),
    "taken": (OWN, OWN),
    "closed": (OWN, OWN),
    "cursor": (OWN, OWN),
    "alarm": ("ansi_white", "ansi_red"),
}
MONO: Marks = dict.fromkeys(DARK, (OWN, OWN))
# Textual draws options without reverse, and everything of the palette in bold.
PICKED = "bold underline reverse"
STYLES = {"mine": "bold", "picked": "bold", "alarm": "bold"}
ANSI_STYLES = STYLES | {"cursor": "reverse", "picked": PICKED, "closed": "dim"}
MONO_STYLES = {
    "free": "bold",
    "few": "bold underline",
    "pending": "reverse",
    "mine": "bold reverse",
    "held": "underline",
    "closed": "dim",
    "cursor": "bold reverse",
    "picked": PICKED,
    "alarm": "bold reverse",
}


def variables(marks: Marks, styles: Mapping[str, str] = STYLES) -> dict[str, str]:
    """Name them as the style sheet does: `$mark-free`, `$mark-free-ground`, `$mark-free-style`."""
    texts = {f"mark-{mark}": text for mark, (text, _) in marks.items()}
    grounds = {f"mark-{mark}-ground": ground for mark, (_, ground) in marks.items()}
    looks = {f"mark-{mark}-style": styles.get(mark, "none") for mark in (*marks, "picked")}
    return texts | grounds | looks


# Textual's own style sheets ask for these where the terminal's colours are used.
_ASKED_FOR = BUILTIN_THEMES["ansi-dark"].variables
_FIELDS = {name: OWN if value.startswith("ansi_") else value for name, value in _ASKED_FOR.items()} | {
    "input-cursor-background": OWN,
    "input-cursor-foreground": OWN,
    "input-cursor-text-style": "reverse",
    "block-cursor-background": OWN,
    "block-cursor-foreground": OWN,
    "block-cursor-text-style": "bold reverse",
}
THEMES = (
    Theme(
        name=DARK_NAME,
        primary="#5fafff",
        accent="#ffa62b",
        warning="#ffc266",
        error="#ff8fa3",
        success="#9fe8a0",
        foreground="#e6e6e6",
        background="#101010",
        surface="#161616",
        panel="#20262e",
        text_alpha=1,
        variables=variables(DARK),
    ),
    Theme(
        name="deskcal-light",
        primary="#004f9e",
        accent="#8a4b00",
        warning="#7a4400",
        error="#a3122f",
        success="#0b5a1b",
        foreground="#111111",
        background="#fafafa",
        surface="#f2f2f2",
        panel="#e4e8ee",
        dark=False,
        text_alpha=1,
        variables=variables(LIGHT),
    ),
    Theme(
        name="deskcal-contrast",
        primary="#5fd7ff",
        accent="#ffff00",
        warning="#ffff00",
        error="#ff9f9f",
        success="#00ff5f",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#000000",
        text_alpha=1,
        variables=variables(CONTRAST),
    ),
    Theme(
        name=MONO_NAME,
        ansi=True,
        primary=OWN,
        foreground=OWN,
        background=OWN,
        surface=OWN,
        panel=OWN,
        variables=variables(MONO, MONO_STYLES) | _FIELDS,
    ),
    Theme(
        name="ansi",
        ansi=True,
        primary="ansi_blue",
        accent="ansi_cyan",
        warning="ansi_yellow",
        error="ansi_red",
        success="ansi_green",
        foreground=OWN,
        background=OWN,
        surface=OWN,
        panel=OWN,
        variables=variables(ANSI, ANSI_STYLES) | _FIELDS,
    ),
)
