import json
import sys
from decimal import Decimal as D


def main():
    n = 0
    total = D(0)
    hundredth = D("0.01")
    for line in open(sys.argv[1], "rb"):
        p = json.loads(line)["properties"]
        gross = D(p["quantity"]) * D(p["unit_price"])
        discount = gross * (D(p["discount_percent"]) * hundredth)
        p["hs_forecast_amount"] = gross - discount
        total += p["hs_forecast_amount"]
        n += 1
    print(n, total)


main()
