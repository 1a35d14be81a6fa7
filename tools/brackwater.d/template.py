"""Templates: {{name.part}}, {{#list or value}}...{{/...}}, {{^nothing}}...{{/...}}; `.` is the item itself.

A section's tags on a line of their own leave no line behind. A row may lack what another has; outside of rows a name
that nothing has is a mistake of the template and stops the tool."""
import re

TAG = re.compile(r"\{\{([#^/]?)\s*([\w.\-]+)\s*\}\}")
ALONE = re.compile(r"^[ \t]*(\{\{[#^/]\s*[\w.\-]+\s*\}\})[ \t]*\n", re.M)


def parse(text, tokens, closing=None):
    nodes = []
    while tokens:
        kind, name = tokens.pop(0)
        if kind == "text":
            nodes.append((kind, name, None))
        elif kind == "/":
            if name != closing:
                raise ValueError("{{/%s}} closes nothing" % name)
            return nodes
        elif kind == "":
            nodes.append(("value", name, None))
        else:
            nodes.append((kind, name, parse(text, tokens, name)))
    if closing:
        raise ValueError("{{#%s}} is not closed" % closing)
    return nodes


def tokens_of(text):
    found, at = [], 0
    for tag in TAG.finditer(text):
        found.append(("text", text[at:tag.start()]))
        found.append((tag.group(1), tag.group(2)))
        at = tag.end()
    found.append(("text", text[at:]))
    return found


def lookup(stack, name):
    if name == ".":
        return stack[-1]
    first, *rest = name.split(".")
    for scope in reversed(stack):
        if isinstance(scope, dict) and first in scope:
            value = scope[first]
            break
    else:
        if len(stack) > 1:
            return None
        raise KeyError("nothing is called %s" % name)
    for part in rest:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def shown(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(shown(v) for v in value)
    if type(value) is not str and isinstance(value, str):
        return str.__str__(value)
    return str(value).replace("|", "\\|").replace("\n", " ")


def render(nodes, stack):
    out = []
    for kind, name, inner in nodes:
        if kind == "text":
            out.append(name)
            continue
        value = lookup(stack, name)
        if kind == "value":
            out.append(shown(value))
        elif kind == "^":
            if not value:
                out.append(render(inner, stack))
        elif isinstance(value, list):
            out.extend(render(inner, stack + [v]) for v in value)
        elif value:
            out.append(render(inner, stack + [value]))
    return "".join(out)


def fill(text, view):
    text = ALONE.sub(r"\1", text)
    return render(parse(text, tokens_of(text)), [view])
