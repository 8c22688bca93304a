"""What the gallery shows. All invented: no such society, person or payment exists."""

ACCENTS = ["tide", "plum", "fern", "slate", "brick", "indigo", "bronze", "ink"]

CONTENT = {
    "nav": [
        {"label": "Today", "url": "#", "current": True, "count": 12},
        {"label": "Applications", "url": "#", "count": 6},
        {"label": "Bank", "url": "#", "count": 4},
        {"label": "Members", "url": "#"},
        {"label": "Share ledger", "url": "#"},
        {"label": "Offers", "url": "#"},
        {"label": "Downloads", "url": "#"},
        {"label": "Society", "url": "#"},
    ],
    "answers": [
        {"label": "Who the shares are for", "value": "Me alone", "url": "#", "what": "who the shares are for"},
        {"label": "Amount", "value": "£250 – 250 shares of £1", "url": "#", "what": "the amount"},
        {"label": "Full name", "value": "Ada Hargreaves", "url": "#", "what": "your name"},
        {"label": "Address", "value": "12 Weavers Row\nBrackenford\nXX1 4QD", "url": "#", "what": "your address"},
        {"label": "Fee", "value": "None: you pay £250 in all"},
    ],
    "tasks": [
        {"label": "Register number and name", "url": "#", "status": "Completed", "kind": "done"},
        {"label": "Rules: the most a member may hold", "url": "#", "status": "Completed", "kind": "done"},
        {"label": "Bank account", "url": "#", "status": "Incomplete", "kind": "due", "hint": "Where money is paid in"},
        {"label": "Second officer", "url": "#", "status": "There is a problem", "kind": "wrong"},
        {"label": "Publish the offer", "status": "Cannot start yet"},
    ],
    "facts": [
        {"label": "Least you may invest", "value": "£50"},
        {"label": "Most you may hold", "value": "£20,000", "note": "Rule 14.2"},
        {"label": "Closes", "value": "25 October 2026", "note": "5 pm, or when full"},
        {"label": "Interest target", "value": "4 % a year", "note": "From year 3. Not guaranteed"},
        {"label": "Votes", "value": "One a member", "note": "However much you hold"},
        {"label": "Money back", "value": "90 days’ notice", "note": "The board may suspend this"},
    ],
    "risk_points": [
        "You could lose all the money you invest.",
        "No Ombudsman and no compensation scheme protects it.",
        "You may not get it back quickly: the board may suspend withdrawals.",
        "You cannot sell the shares, and their value never rises.",
        "Put in only a small part of your savings.",
    ],
    "columns": [
        {"label": "Member"},
        {"label": "Entered on"},
        {"label": "Certificate"},
        {"label": "Shares", "number": True},
        {"label": "Paid up", "number": True},
    ],
    "rows": [
        ["Ada Hargreaves", "3 May 2026", "BCE-0001", "250", "£250"],
        ["Bedwyr Ŵyn Rhŷs", "3 May 2026", "BCE-0002", "5,000", "£5,000"],
        ["Brackenford Bowls Club", "4 May 2026", "BCE-0003", "20,000", "£20,000"],
    ],
    "totals": ["Three members", "", "", "25,250", "£25,250"],
    "events": [
        {"title": "Application received", "when": "2 May 2026, 7:14 pm", "done": True},
        {"title": "£250 paid by card", "when": "2 May 2026, 7:16 pm", "done": True},
        {"title": "Accepted by the board", "when": "3 May 2026", "by": "Tess Okafor, secretary", "done": True},
        {"title": "Shares allotted", "when": "after the offer closes on 25 October 2026"},
        {"title": "Certificate sent", "when": "within 28 days of that"},
    ],
    "files": [
        {
            "title": "Share offer document",
            "url": "#",
            "kind": "PDF",
            "size": "1.2 MB",
            "note": "Version 3, 12 April 2026",
        },
        {"title": "Registered rules", "url": "#", "kind": "PDF", "size": "340 KB"},
        {"title": "Accounts for 2025", "url": "#", "kind": "PDF", "size": "210 KB"},
    ],
}
