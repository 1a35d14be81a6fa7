"""JSON Patch (RFC 6902): add, replace, remove, move, copy and test, applied in order to a copy."""
import copy


def parts(pointer):
    return [p.replace("~1", "/").replace("~0", "~") for p in pointer.split("/")[1:]]


def child(at, key):
    return at[int(key)] if isinstance(at, list) else at[key]


def parent(data, pointer):
    *way, last = parts(pointer)
    for key in way:
        data = child(data, key)
    return data, last


def put(data, pointer, value):
    at, key = parent(data, pointer)
    if isinstance(at, list):
        at.insert(len(at) if key == "-" else int(key), value)
    else:
        at[key] = value


def take(data, pointer):
    at, key = parent(data, pointer)
    return at.pop(int(key) if isinstance(at, list) else key)


def look(data, pointer):
    at, key = parent(data, pointer)
    return child(at, key)


def apply(data, operations):
    data = copy.deepcopy(data)
    for step in operations:
        op, path = step["op"], step["path"]
        if op == "add":
            put(data, path, copy.deepcopy(step["value"]))
        elif op == "remove":
            take(data, path)
        elif op == "replace":
            at, key = parent(data, path)
            child(at, key)
            at[int(key) if isinstance(at, list) else key] = copy.deepcopy(step["value"])
        elif op == "move":
            put(data, path, take(data, step["from"]))
        elif op == "copy":
            put(data, path, copy.deepcopy(look(data, step["from"])))
        elif op == "test":
            if look(data, path) != step["value"]:
                raise ValueError("the test of %s failed" % path)
        else:
            raise ValueError("no operation is called %s" % op)
    return data
