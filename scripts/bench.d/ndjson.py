import json
import sys


def main():
    n = 0
    total = 0.0
    for line in open(sys.argv[1], "rb"):
        p = json.loads(line)["properties"]
        gross = float(p["quantity"]) * float(p["unit_price"])
        discount = gross * (float(p["discount_percent"]) * 0.01)
        p["hs_forecast_amount"] = gross - discount
        total += p["hs_forecast_amount"]
        n += 1
    print(n, total)


main()
