"""The ways in which a drop-in may be written, brought to the one that the schema knows.

Rules: `action-group` with one mapping and `action-groups` with a list are the same, both may stand
in a file; an action may be wrapped as `- action: {...}`. Every part keeps its place; what has
another form than expected stays as it is, for the schema to complain about.
"""

from fui.config.tree import Entry, Items, Node, Table

GROUP, GROUPS, ACTION, ACTIONS = "action-group", "action-groups", "action", "actions"


def unwrapped(root: Table) -> Table:
    """Bring the ways in which a drop-in may be written to one: `action-groups`, plain actions."""
    written = [root.entries[key] for key in (GROUP, GROUPS) if key in root.entries]
    if not written:
        return root
    groups = [group for entry in written for group in _listed(entry.value)]
    first = min(written, key=lambda entry: entry.key)
    others = {key: entry for key, entry in root.entries.items() if key not in (GROUP, GROUPS)}
    nodes = tuple(_plain_actions(group) for group in groups)
    return Table(root.spot, others | {GROUPS: Entry(first.key, Items(first.value.spot, nodes))})


def _listed(node: Node) -> tuple[Node, ...]:
    return node.nodes if isinstance(node, Items) else (node,)


def _plain_actions(group: Node) -> Node:
    if not isinstance(group, Table) or ACTIONS not in group.entries:
        return group
    actions = group.entries[ACTIONS]
    if not isinstance(actions.value, Items):
        return group
    bare = Items(actions.value.spot, tuple(_bare(each) for each in actions.value.nodes))
    return Table(group.spot, {**group.entries, ACTIONS: Entry(actions.key, bare)})


def _bare(action: Node) -> Node:
    if isinstance(action, Table) and list(action.entries) == [ACTION]:
        return action.entries[ACTION].value
    return action
