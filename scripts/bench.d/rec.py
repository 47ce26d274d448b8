def main():
    rs = []
    for i in range(1, 100001):
        rs.append({"id":i,"name":"x","stage":"open","owner":"bob","price":10.25+i%100,"quantity":1+i%7,"discount":0,"total":0,"tax":0,"region":i%5})
    sum = 0
    for k in range(20):
        for r in rs:
            gross = r["price"] * r["quantity"]
            d = 0
            if gross > 200: d = gross * 0.1
            sum = sum + (gross - d)
    print(sum)
main()
