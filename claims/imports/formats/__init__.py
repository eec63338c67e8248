"""Parse reviews of other publishers into one form, `records.Record`. Pure: no models, no clock, no network.

bytes of a file or response ── stream_parser ──> JSON values, rows ──┬── claimreview    ClaimReview JSON-LD, DataFeed
                                                                     ├── csv_row        a row of a CSV file
                                                                     └── instance_body  a claim of another instance,
                                                                                        or of Google's claims:search
`repair` corrects values that are understandable but malformed; others raise `RecordRefused` with a reason.
"""
