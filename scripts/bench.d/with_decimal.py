from decimal import Decimal as D


def main():
    rs = []
    for i in range(1, 100001):
        rs.append({"id": i, "name": "x", "stage": "open", "owner": "bob", "price": D("10.25") + i % 100,
                   "quantity": 1 + i % 7, "discount": 0, "total": 0, "tax": 0, "region": i % 5})
    sum = D(0)
    tenth = D("0.1")
    fifth = D("0.2")
    for k in range(20):
        out = []
        for r in rs:
            gross = r["price"] * r["quantity"]
            d = 0
            if gross > 200:
                d = gross * tenth
            total = gross - d
            out.append({**r, "discount": d, "total": total, "tax": total * fifth})
            sum = sum + total
        rs = out
    print(sum)


main()
