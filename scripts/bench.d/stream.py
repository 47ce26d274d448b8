import csv
import sys
from decimal import Decimal as D

total = D(0)
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        if row["quantity"] != "3":
            total += D(row["price"]) * D(row["quantity"])
print(total)
