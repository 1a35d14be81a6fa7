# What docs/ci.md shows: YAML that parses, and commands that do what it says.
mkdir -p "$T/w/bin" "$T/w/isms"
cp -R examples/early/. "$T/w/isms"
ln -s "$assay" "$T/w/bin/assay"
ok 'every pipeline is YAML of five lines' python3 - docs/ci.md "$T/commands" <<'END'
import re, sys, yaml
text = open(sys.argv[1], encoding="utf-8").read()
blocks = re.findall(r"```yaml\n(.*?)```", text, re.S)
assert len(blocks) == 3, len(blocks)
commands = []
def walk(part, key=None):
    if isinstance(part, dict):
        for name, value in part.items():
            walk(value, name)
    elif isinstance(part, list):
        for value in part:
            walk(value, key)
    elif key in ("run", "script"):
        commands.append(part)
for block in blocks:
    assert block.count("\n") == 5, block
    walk(yaml.safe_load(block))
found = [m for c in commands for m in re.findall(r"assay stage1 [^&]*", c)]
assert len(found) == 3, found
found += ["set -e\n" + re.findall(r"```sh\n(.*?)```", text, re.S)[-1]]
open(sys.argv[2], "w").write("\0".join(found))
END
run_shown() { # the commands one after the other; each says 1, as the example is not ready
    python3 - "$T/commands" "$T/w" <<'END'
import os, subprocess, sys
env = dict(os.environ, PATH=sys.argv[2] + "/bin:" + os.environ["PATH"])
shown = open(sys.argv[1]).read().split("\0")
for command in shown + shown[-1:]:
    code = subprocess.run(["sh", "-c", command], cwd=sys.argv[2], env=env).returncode
    assert code == 1, (code, command)
END
}
ok 'its commands run' run_shown
ok 'SARIF came' python3 tests/report/sarif.py "$T/w/stage1.sarif" "$T/w"
for name in html json svg; do
    ok "stage1.$name came" [ -s "$T/w/out/stage1.$name" ]
done
ok 'the last report was taken' has "$T/w/out/stage1.json" '"since" in r'
