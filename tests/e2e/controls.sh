# Statements of Applicability in the shapes that people give them: every line is read.
python3 "$here/soa.py" make "$T/soa"
for shape in numbers bare pieces marks markdown records earlier faulty; do
    exits 0 "$shape" stage1 "$T/soa/$shape" --today $today --format json --fail-on never
    ok "$shape: the result keeps its schema" python3 tests/report/schema.py "$T/out"
    ok "$shape: says what must be read from it" python3 "$here/soa.py" check "$T/out" "$shape"
done
