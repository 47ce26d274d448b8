local rs = {}
for i = 1, 100000 do rs[#rs+1] = {id=i,name="x",stage="open",owner="bob",price=10.25+i%100,quantity=1+i%7,discount=0,total=0,tax=0,region=i%5} end
local sum = 0
for k = 1, 20 do
  for _, r in ipairs(rs) do
    local gross = r.price * r.quantity
    local d = 0
    if gross > 200 then d = gross * 0.1 end
    sum = sum + (gross - d)
  end
end
print(sum)
