"""The same as raise_prices.lis with HubSpot's official SDK and batches made by hand, with the read before each write."""
import os
from decimal import Decimal

from hubspot import HubSpot
from hubspot.crm.line_items import (
    BatchInputSimplePublicObjectBatchInput, BatchReadInputSimplePublicObjectId, PublicObjectSearchRequest,
    SimplePublicObjectBatchInput)

client = HubSpot(access_token=os.environ["LIS_TOKEN"])
client.config["host"] = os.environ["LIS_API_URL"]
items = client.crm.line_items


def found():
    last = "0"
    while True:
        page = items.search_api.do_search(PublicObjectSearchRequest(
            filter_groups=[{"filters": [
                {"propertyName": "price", "operator": "GT", "value": "0"},
                {"propertyName": "hs_object_id", "operator": "GT", "value": last}]}],
            sorts=[{"propertyName": "hs_object_id", "direction": "ASCENDING"}], properties=["price"], limit=200))
        yield from page.results
        if len(page.results) < 200:
            return
        last = page.results[-1].id


rows = [(row.id, row.properties["price"]) for row in found()]
applied = 0
for start in range(0, len(rows), 100):
    batch = rows[start:start + 100]
    now = items.batch_api.read(BatchReadInputSimplePublicObjectId(
        inputs=[{"id": id} for id, _ in batch], properties=["price"], properties_with_history=[]))
    current = {row.id: row.properties["price"] for row in now.results}
    inputs = [
        SimplePublicObjectBatchInput(id=id, properties={"price": str(Decimal(price) + 1)})
        for id, price in batch if current.get(id) == price]
    answer = items.batch_api.update(BatchInputSimplePublicObjectBatchInput(inputs=inputs))
    applied += len(answer.results)
print(applied)
