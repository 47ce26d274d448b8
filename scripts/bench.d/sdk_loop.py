"""The same as raise_prices.lis with HubSpot's official SDK, one request for each record."""
import os
from decimal import Decimal

from hubspot import HubSpot
from hubspot.crm.line_items import PublicObjectSearchRequest, SimplePublicObjectInput

client = HubSpot(access_token=os.environ["LIS_TOKEN"])
client.config["host"] = os.environ["LIS_API_URL"]
items = client.crm.line_items

rows = []
last = "0"
while True:
    page = items.search_api.do_search(PublicObjectSearchRequest(
        filter_groups=[{"filters": [
            {"propertyName": "price", "operator": "GT", "value": "0"},
            {"propertyName": "hs_object_id", "operator": "GT", "value": last}]}],
        sorts=[{"propertyName": "hs_object_id", "direction": "ASCENDING"}], properties=["price"], limit=200))
    rows += page.results
    if len(page.results) < 200:
        break
    last = page.results[-1].id
for row in rows:
    items.basic_api.update(
        row.id, SimplePublicObjectInput(properties={"price": str(Decimal(row.properties["price"]) + 1)}))
print(len(rows))
