"""Webhooks by the Standard Webhooks specification: a signed POST tells newsrooms of each publication.

endpoints        create, change, rotate the secret, disable, enable, test, replay, delete
outbox           deliveries created from the publication log, leased, and recorded
deliver          the sender: an event loop, one request at a time to an endpoint
payloads         the bodies;  secrets  the signatures;  retries  when to try again
endpoint_health  statistics of an endpoint
api, schema      the routes under /api/v1/webhooks/;  admin  the admin pages
"""
