#!/usr/bin/env python3
"""Makes the tables by which customers are compared, and the records on which that is tested, from the published files.

tools/samples/identity.py DATA: DATA has cn_formats/ and febrl/. The same input gives the same bytes.
"""
import csv
import gzip
import lzma
import pathlib
import re
import sys
import zipfile

data = pathlib.Path(sys.argv[1])
room = pathlib.Path(__file__).resolve().parents[2] / "services" / "customers"
tables = room / "Customers" / "Identity" / "Tables"
tests = room / "Customers.Tests" / "data"


def surnames():
    """A sheet of two columns: the surname (an index into the shared strings) and its weight."""
    sheet = zipfile.ZipFile(data / "cn_formats" / "Chinese_Family_Name_1k.xlsx")
    strings = re.findall(r"<si>.*?<t[^>]*>(.*?)</t>.*?</si>", sheet.read("xl/sharedStrings.xml").decode(), re.S)
    rows = re.findall(
        r'<c r="A\d+"[^>]*t="s"[^>]*><v>(\d+)</v></c><c r="B\d+"[^>]*><v>([\d.Ee+-]+)</v></c>',
        sheet.read("xl/worksheets/sheet1.xml").decode(),
    )
    return [(strings[int(name)].strip(), weight) for name, weight in rows[1:]]  # the first row is the head


def read(name):
    with open(data / "cn_formats" / name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def areas():
    """Districts with the names of their city and province; cities that only stand for their province have none."""
    provinces = {p["code"]: p["name"] for p in read("division_provinces.csv")}
    groups = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
    cities = {c["code"]: "" if c["name"] in groups else c["name"] for c in read("division_cities.csv")}
    for a in read("division_areas.csv"):
        yield a["code"], a["name"], cities[a["cityCode"]], provinces[a["provinceCode"]]


def write(path, head, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"# {head}"] + ["\t".join(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


write(tables / "surnames.tsv", "surname, weight", surnames())
write(tables / "areas.tsv", "code (GB/T 2260), district, city, province", areas())
for number, text in (
    (1, (data / "febrl" / "dataset1.csv").read_bytes()),
    (2, lzma.open(data / "febrl" / "dataset2.csv.xz").read()),
):
    tests.mkdir(parents=True, exist_ok=True)
    (tests / f"febrl{number}.csv.gz").write_bytes(gzip.compress(text, 9, mtime=0))
