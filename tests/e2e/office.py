"""DOCX and XLSX as other programs see them: ZIPs that are whole, XML that parses, every part that a
relationship or content type names there, and no formula in a sheet. Prints what is wrong."""
import posixpath
import sys
import xml.etree.ElementTree as tree
import zipfile

wrong = []
for path in sys.argv[1:]:
    package = zipfile.ZipFile(path)
    if package.testzip() is not None:
        wrong.append(f"{path}: {package.testzip()} is damaged")
    names = set(package.namelist())
    for name in names:
        if name.endswith((".xml", ".rels")):
            root = tree.fromstring(package.read(name))
            if name.startswith("xl/worksheets/") and any(e.tag.endswith("}f") for e in root.iter()):
                wrong.append(f"{path}: {name} has a formula")
        if name.endswith(".rels"):
            base = posixpath.dirname(posixpath.dirname(name))
            for one in tree.fromstring(package.read(name)):
                target = posixpath.normpath(posixpath.join(base, one.get("Target")))
                if one.get("TargetMode") != "External" and target.lstrip("/") not in names:
                    wrong.append(f"{path}: {name} leads to {target}, which is not there")
    for one in tree.fromstring(package.read("[Content_Types].xml")):
        if one.get("PartName") and one.get("PartName").lstrip("/") not in names:
            wrong.append(f"{path}: the content types name {one.get('PartName')}, which is not there")
print("\n".join(wrong))
sys.exit(bool(wrong))
