"""The figures of a press as README shows them: a table in Markdown, and its stages as a bar.

Rules: everything comes from the figures that `--save` has kept; `--draw` writes docs/pictures/stages.svg
and prints the table. A reader in the dark sees it too: the picture has a background of its own.
"""

from html import escape

from integration.benchmarks.rivals import LOOP
from integration.benchmarks.stages import AT_ONCE, BETWEEN, KNOWS, STAGES
from integration.host import CHECKOUT

PICTURE = CHECKOUT / "docs" / "pictures" / "stages.svg"
WHOLE = "whole press"
ROWS = (
    AT_ONCE,
    LOOP,
    "systemd path unit",
    "journalctl -f with sudo",
    "fail2ban",
)
PARTS = {
    "client: call to inotify": ("#9aa9b8", "the client and smbd, until inotify tells"),
    "record: inotify to journald": ("#e0b252", "until Samba's record is in the journal"),
    "decision: journald to sudo": ("#3f7fbf", "FUI: who it was, whether they may, sudo ordered"),
    "sudo: to the command": ("#b7c4cf", "sudo, until the command's first instruction"),
}
TITLE = "A press with settle: 0, from the delete call to the command: median of each stage"
STYLE = (
    '<style>text { font: 13px "Segoe UI", "Helvetica Neue", Cantarell, "DejaVu Sans", sans-serif;'
    " fill: #222 } .title { font-weight: 600 }</style>"
)
WIDTH, LEFT, BAR = 720, 12, 34


def draw(figures: dict[str, float]) -> str:
    """Draw the picture; return the table."""
    PICTURE.write_text(svg(figures), encoding="utf-8")
    return table(figures)


def table(figures: dict[str, float]) -> str:
    """Return the press table: median, p99 and who it is, in milliseconds."""
    lines = ["| deleted over SMB, until the command runs | median | p99 | knows the user |"]
    lines.append("|---|---|---|---|")
    for name in ROWS:
        median, p99 = (figures[f"{WHOLE}: {name}: {which}"] * 1000 for which in ("median", "p99"))
        lines.append(f"| {name} | {median:.1f} ms | {p99:.1f} ms | {KNOWS[name]} |")
    return "\n".join(lines)


def svg(figures: dict[str, float]) -> str:
    """Draw the stages of a press, by their medians, as a bar with a legend below it."""
    taken = {what: figures[f"a press: {what}: median"] * 1000 for what in PARTS}
    scale = (WIDTH - 2 * LEFT) / sum(taken.values())
    height = 58 + BAR + 20 * len(PARTS)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img">',
        STYLE,
        f'<rect width="{WIDTH}" height="{height}" rx="6" fill="#fff"/>',
        f'<text class="title" x="{LEFT}" y="24">{TITLE}</text>',
    ]
    left, row = float(LEFT), 40 + BAR + 24
    for what, (colour, words) in PARTS.items():
        size = taken[what] * scale
        parts.append(
            f'<rect x="{left:.1f}" y="40" width="{size:.1f}" height="{BAR}" fill="{colour}"/>'
        )
        parts.append(f'<rect x="{LEFT}" y="{row - 11}" width="12" height="12" fill="{colour}"/>')
        parts.append(
            f'<text x="{LEFT + 20}" y="{row}">{escape(words)}: {taken[what]:.2f} ms</text>'
        )
        left, row = left + size, row + 20
    assert PARTS.keys() <= STAGES.keys() - {BETWEEN}
    return "\n".join([*parts, "</svg>", ""])
