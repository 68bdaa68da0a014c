#!/usr/bin/env python3
"""Two published data sets as files for ./crm import, and what must come of them.

  convert.py superstore     FILE.csv    OUT   names of customers are their keys; MacRoman, lines end with CR, dates are month/day/year
  convert.py online-retail  FILE.csv.xz OUT   invoices of a British shop; C… cancels lines of earlier invoices, without naming them

Each writes customers.csv, purchases.csv and, where there are any, returns.csv to OUT, and prints sums that were computed from the
published file alone: ./crm and GET /api/customers/summary must agree with them.

What the files do not say is not invented. A day without a time becomes noon in the shop's zone. A cancellation is given to the latest earlier
invoice of the same customer with the same product and price of which enough is left; where there is none it names its own number as the order,
and the import refuses it as purchase-unknown.
"""
import csv
import datetime
import io
import lzma
import os
import sys
import zoneinfo
from collections import defaultdict
from decimal import Decimal

CUSTOMER = ["source", "externalSystem", "externalId", "name", "addressCountry", "occurredAt"]
PURCHASE = ["source", "orderNumber", "channel", "currency", "rate", "occurredAt", "customerSystem", "customerValue", "productId", "quantity", "net"]
RETURN = ["source", "orderNumber", "returnNumber", "channel", "occurredAt", "productId", "quantity", "net"]


def write(folder, name, columns, rows):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(columns)
        out.writerows(rows)
    print(f"{name}: {len(rows)} records")


def superstore(path, folder):
    zone = zoneinfo.ZoneInfo("America/New_York")
    with open(path, "rb") as file:
        text = file.read().decode("mac_roman")
    customers, purchases, total = {}, [], Decimal(0)
    for row in csv.DictReader(io.StringIO(text.replace("\r", "\n"))):
        month, day, year = map(int, row["order_date"].split("/"))
        at = datetime.datetime(2000 + year, month, day, 12, tzinfo=zone).isoformat()
        name, net = row["customer"], Decimal(row["grand_total"])
        customers[name] = min(at, customers.get(name, at))
        purchases.append(["superstore", row["order_id"], "web", "USD", "", at, "superstore", name, "order", 1, net])
        total += net
    write(folder, "customers.csv", CUSTOMER, [["superstore", "superstore", n, n, "", at] for n, at in customers.items()])
    write(folder, "purchases.csv", PURCHASE, purchases)
    print(f"expected: {len(customers)} customers, {len(purchases)} purchases, {total} USD")


def online_retail(path, folder):
    zone = zoneinfo.ZoneInfo("Europe/London")
    invoices = defaultdict(list)
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            row["at"] = datetime.datetime.fromisoformat(row["InvoiceDate"]).replace(tzinfo=zone).isoformat()
            row["net"] = int(row["Quantity"]) * Decimal(row["UnitPrice"])
            row["customer"] = row["CustomerID"].removesuffix(".0")
            invoices[row["InvoiceNo"]].append(row)

    customers, purchases, returns = {}, [], []
    revenue, refused, given_back, lost = Decimal(0), [], Decimal(0), []
    left = defaultdict(list)  # (customer, product, price) → [invoice, at, quantity left]
    for number, lines in invoices.items():
        for line in lines:
            if line["customer"]:
                customers.setdefault(line["customer"], (line["Country"], line["at"]))
        if number.startswith("C"):
            continue
        for line in lines:
            buyer = ["shop", line["customer"]] if line["customer"] else ["", ""]
            purchases.append(["shop", number, "web", "GBP", "1.56", line["at"], *buyer, line["StockCode"], line["Quantity"], line["net"]])
        if any(int(line["Quantity"]) < 0 for line in lines):
            refused.append((number, "a quantity is negative (a stock correction)"))
        elif len({line["at"] for line in lines}) > 1:
            refused.append((number, "its lines have different times"))
        else:
            revenue += sum(line["net"] for line in lines)
            for line in lines:
                left[line["customer"], line["StockCode"], line["UnitPrice"]].append([number, line["at"], int(line["Quantity"])])

    # Lines of one return stand together by order; what came back of one product of an order is one line.
    for number, lines in invoices.items():
        if not number.startswith("C"):
            continue
        back = defaultdict(lambda: [0, Decimal(0)])
        for line in lines:
            quantity = -int(line["Quantity"])
            known = [
                place
                for place in left[line["customer"], line["StockCode"], line["UnitPrice"]]
                if place[1] <= line["at"] and place[2] >= quantity
            ]
            order = number
            if known and line["customer"]:
                known[-1][2] -= quantity
                order = known[-1][0]
                given_back -= line["net"]
            else:
                lost.append(line)
            entry = back[order, line["at"], line["StockCode"]]
            entry[0] += quantity
            entry[1] -= line["net"]
        for (order, at, product), (quantity, net) in sorted(back.items()):
            returns.append(["shop", order, number, "web", at, product, quantity, net])

    write(
        folder,
        "customers.csv",
        CUSTOMER,
        [["shop", "shop", customer, "", country, at] for customer, (country, at) in customers.items()],
    )
    write(folder, "purchases.csv", PURCHASE, purchases)
    write(folder, "returns.csv", RETURN, returns)
    made = sum(not number.startswith("C") for number in invoices)
    print(f"expected: {len(customers)} customers, {made - len(refused)} of {made} purchases, {revenue - given_back} GBP net of returns")
    print(f"  refused purchases ({len(refused)}): " + "; ".join(f"{number}: {why}" for number, why in refused[:5]) + " …")
    print(f"  cancelled lines without an earlier purchase, refused with their return: {len(lost)}, {-sum(l['net'] for l in lost)} GBP")


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("superstore", "online-retail"):
        sys.exit(__doc__)
    os.makedirs(sys.argv[3], exist_ok=True)
    (superstore if sys.argv[1] == "superstore" else online_retail)(sys.argv[2], sys.argv[3])
