import csv
import sys

n = -1
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.reader(file):
        n += 1
print(n)
