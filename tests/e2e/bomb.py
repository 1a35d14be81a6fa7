#!/usr/bin/env python3
"""A backup in which the first register is 400 MB of zeros in one line.

usage: bomb.py BACKUP.zip BOMB.zip"""
import sys
import zipfile

SIZE = 400

with zipfile.ZipFile(sys.argv[1]) as backup, zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as bomb:
    swapped = False
    for member in backup.infolist():
        if swapped or not member.filename.endswith(".jsonl"):
            bomb.writestr(member.filename, backup.read(member))
            continue
        swapped = True
        with bomb.open(member.filename, "w") as out:
            for _ in range(SIZE):
                out.write(bytes(1 << 20))
