import sys
import orjson

n = 0
for line in open(sys.argv[1], "rb"):
    orjson.loads(line)
    n += 1
print(n)
