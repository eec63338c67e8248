"""Webhooks by the Standard Webhooks specification: newsrooms are told of each publication by a signed POST.

endpoints    the verbs: create, change, rotate, switch off and on, test, replay, delete
outbox       deliveries made from the publication log, leased, and written down
delivering   the sender: an event loop, one request at a time to an endpoint
messages     what is sent;  secrets  what it is signed with;  retrying  when it is tried again
health       how an endpoint does
api, schema  the routes under /api/v1/webhooks/;  admin  the pages of the desk
"""
