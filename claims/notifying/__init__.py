"""Notices on their way out of the desk: by e-mail to whom they are for, and to chat rooms.

    Notice ──trigger──> NoticeDelivery ──> mail.send_due ──> one mail a person, grouped by claim
                                       └─> chat.send_due ──> one message a room

What leaves names the kind, an id and a link, and words of what is published alone (`outside`).
"""
