# What the verification standard of OWASP asks at level 2, and the test that shows each.
ok 'each test that docs/asvs.csv names is there' python3 "$here/asvs.py" docs/asvs.csv
