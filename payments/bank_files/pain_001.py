"""ISO 20022 customer credit transfer initiation, pain.001.001.09, for pounds inside the United Kingdom.

Sort codes stand as clearing members of GBDSC, account numbers as "other" identification under BBAN, charges are shared.
Source: https://www.iso20022.org, message pain.001.001.09; external code sets for GBDSC and BBAN
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from common.money import as_decimal
from payments.bank_files.payment import Payer, Payment, for_banks

MOST = 10_000
ENDING = "xml"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"


def write(payer: Payer, payments: list[Payment]) -> bytes:
    """The file: one group, one debit of the society's account, a credit transfer for each payment."""
    document = ET.Element("Document", xmlns=NAMESPACE)
    root = ET.SubElement(document, "CstmrCdtTrfInitn")
    total, name = as_decimal(sum(payment.amount_pence for payment in payments)), for_banks(payer.name, 70)
    message = f"REFUNDS-{payer.file_number}-{payer.made_at:%Y%m%d%H%M%S}"
    head = ET.SubElement(root, "GrpHdr")
    _text(head, "MsgId", message)
    _text(head, "CreDtTm", f"{payer.made_at:%Y-%m-%dT%H:%M:%S}Z")
    _text(head, "NbOfTxs", str(len(payments)))
    _text(head, "CtrlSum", total)
    _text(ET.SubElement(head, "InitgPty"), "Nm", name)
    debit = ET.SubElement(root, "PmtInf")
    _text(debit, "PmtInfId", message)
    _text(debit, "PmtMtd", "TRF")
    _text(debit, "NbOfTxs", str(len(payments)))
    _text(debit, "CtrlSum", total)
    _text(ET.SubElement(debit, "ReqdExctnDt"), "Dt", payer.pay_on.isoformat())
    _text(ET.SubElement(debit, "Dbtr"), "Nm", name)
    _account(debit, "DbtrAcct", payer.account_number)
    _bank(debit, "DbtrAgt", payer.sort_code)
    _text(debit, "ChrgBr", "SHAR")
    for payment in payments:
        _credit(debit, payment)
    ET.indent(document)
    return ET.tostring(document, encoding="UTF-8", xml_declaration=True) + b"\n"


def _credit(debit: ET.Element, payment: Payment) -> None:
    credit = ET.SubElement(debit, "CdtTrfTxInf")
    _text(ET.SubElement(credit, "PmtId"), "EndToEndId", payment.mark[:35])
    amount = ET.SubElement(ET.SubElement(credit, "Amt"), "InstdAmt", Ccy="GBP")
    amount.text = as_decimal(payment.amount_pence)
    _bank(credit, "CdtrAgt", payment.sort_code)
    _text(ET.SubElement(credit, "Cdtr"), "Nm", for_banks(payment.name, 70))
    _account(credit, "CdtrAcct", payment.account_number)
    _text(ET.SubElement(credit, "RmtInf"), "Ustrd", for_banks(payment.reference, 18))


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _account(parent: ET.Element, name: str, number: str) -> None:
    other = ET.SubElement(ET.SubElement(ET.SubElement(parent, name), "Id"), "Othr")
    _text(other, "Id", number)
    _text(ET.SubElement(other, "SchmeNm"), "Cd", "BBAN")


def _bank(parent: ET.Element, name: str, sort_code: str) -> None:
    member = ET.SubElement(ET.SubElement(ET.SubElement(parent, name), "FinInstnId"), "ClrSysMmbId")
    _text(ET.SubElement(member, "ClrSysId"), "Cd", "GBDSC")
    _text(member, "MmbId", sort_code)
