"""Counts customers, purchases and net revenue from the public stream, from its first event on.

    python3 read_stream.py "$(./crm stream address | cut -d' ' -f1)"

Ends when nothing has come for SILENCE seconds; without that timeout it would follow the stream for ever.
"""
import json
import sys
from collections import defaultdict
from decimal import Decimal

import pika

SILENCE = 3
customers, purchases, revenue = 0, 0, defaultdict(Decimal)
seen, again = set(), 0

connection = pika.BlockingConnection(pika.URLParameters(sys.argv[1]))
channel = connection.channel()
channel.basic_qos(prefetch_count=200)  # a stream is only read with a prefetch and acknowledgements
for method, properties, body in channel.consume(
    "crm.events.stream", arguments={"x-stream-offset": "first"}, inactivity_timeout=SILENCE
):
    if method is None:
        break
    channel.basic_ack(method.delivery_tag)
    if properties.message_id in seen:  # after a crash or a refill a fact may come twice
        again += 1
        continue
    seen.add(properties.message_id)
    fact = json.loads(body, parse_float=Decimal, parse_int=Decimal)
    if properties.type == "customers.customer-registered":
        customers += 1
    elif properties.type == "customers.purchase-recorded":
        purchases += 1
        revenue[fact["currency"]] += fact["net"]
    elif properties.type == "customers.purchase-returned":
        revenue[fact["currency"]] -= fact["net"]
    elif properties.type == "customers.purchase-retracted":  # it was never made
        purchases -= 1
        revenue[fact["currency"]] -= fact["net"]
connection.close()

print(json.dumps({
    "customers": customers,
    "purchases": purchases,
    "netRevenue": {currency: float(net) for currency, net in sorted(revenue.items())},
    "facts": len(seen),
    "again": again,
}))
