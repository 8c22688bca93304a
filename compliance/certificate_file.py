"""What makes a certificate's PDF a record to keep: PDF/A-3a and PDF/UA-1 at once, with its facts in it as data.

The facts are attached as canonical JSON, so that the SHA-256 of the attached file is the one kept with the certificate,
and a program may read a certificate without reading its picture (ISO 19005-3, annex E; relationship "Data").
"""

from __future__ import annotations

import hashlib
import re
import zlib

from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import pdf, qr
from common.qr import Code
from common.stamping import code_path
from compliance import canonical
from compliance.certificate_paper import paper_of
from compliance.engraving import put_under

FACTS_FILE = "certificate.json"
MOST_FACTS, LONGEST_HEAD = 64_000, 400  # bytes; a certificate's have about 800 and 200
EMBEDDED, STREAM = re.compile(rb"/EmbeddedFile(?!s)"), re.compile(rb">>\s?stream\r?\n")

# Both standards are named in one packet; PDF/A wants the names of PDF/UA explained (ISO 19005-3, 6.6.2.3).
METADATA = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" \
xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{day}</xmp:CreateDate>
<pdf:Producer>{producer}</pdf:Producer>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates which part of ISO 14289 is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def code_of(said: dict) -> Code:
    """The QR code of the certificate's public address. Level M."""
    return qr.code_of(said["address_start"], said["token"] + "/")


def html_of(said: dict, *, tight: float = 0) -> str:
    """The page before the paper is put under it. `tight`: points of the root size; 0 as designed."""
    return render_to_string("pdf/certificate.html", said | {"tight": tight, "qr": _drawn(code_of(said), said)})


def lay_out(said: dict, *, tight: float = 0):
    """The page of `html_of` in memory."""
    return pdf.lay_out(html_of(said, tight=tight), style="certificate")


def _drawn(code: Code, said: dict) -> SafeString:
    """A code as inline SVG, whose alternative text is the address itself. No margin: the paper around it is white."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><title>{title}</title>'
        '<path fill="none" stroke="#10222e" d="{path}"/></svg>',
        side=code.side,
        title=_("QR code that opens %(address)s") % {"address": said["address"]},
        path=code_path(code),
    )


def title_of(said: dict) -> str:
    """Of the file; in the language of the paper, which the caller has chosen."""
    return _("Share certificate %(number)s: %(society)s") % {
        "number": said["number"],
        "society": said["society"]["registered_name"],
    }


def own_parts(said: dict, facts: dict) -> dict:
    """The objects in which one certificate's file differs from another's, besides the page and its links."""
    import pydyf
    import weasyprint

    title, author, day = title_of(said), said["society"]["registered_name"], said["issued_day"]
    producer = f"WeasyPrint {weasyprint.__version__}"
    words = {"title": escape(title), "author": escape(author), "day": day, "producer": producer}
    info = {"Producer": producer, "Title": title, "Author": author, "CreationDate": _day(day)}
    return {
        "info": pydyf.Dictionary({name: pydyf.String(text) for name, text in info.items()}),
        "metadata": pydyf.Stream([METADATA.format(**words).encode()], {"Type": "/Metadata", "Subtype": "/XML"}),
        "facts": _facts_stream(canonical.canonical(facts), day),
    }


def finish(tree, said: dict, facts: dict) -> dict:
    """Put the paper under the page and the facts into the file, on the pydyf tree that WeasyPrint has made.

    Gives back the objects that `own_parts` made, as they stand in the tree.
    """
    import pydyf

    put_under(tree, paper_of(said["society"]["register_number"], said["society"]["accent"]))
    own = own_parts(said, facts)
    tree.info.clear()
    tree.info.update(own["info"])
    metadata = tree.objects[int(tree.catalog["Metadata"].split()[0])]
    metadata.stream, metadata.extra, metadata.compress = own["metadata"].stream, own["metadata"].extra, False
    tree.add_object(own["facts"])
    file = pydyf.Dictionary(
        {
            "Type": "/Filespec",
            "F": pydyf.String(FACTS_FILE),
            "UF": pydyf.String(FACTS_FILE),
            "Desc": pydyf.String(_("The facts of this certificate as data")),
            "AFRelationship": "/Data",
            "EF": pydyf.Dictionary({"F": own["facts"].reference, "UF": own["facts"].reference}),
        }
    )
    tree.add_object(file)
    tree.catalog["AF"] = pydyf.Array([file.reference])
    names = pydyf.Dictionary({"Names": pydyf.Array([pydyf.String(FACTS_FILE), file.reference])})
    tree.catalog["Names"] = pydyf.Dictionary({"EmbeddedFiles": names})
    return {"info": tree.info, "metadata": metadata, "facts": own["facts"]}


def facts_in(pdf: bytes) -> bytes | None:
    """The facts that a file of a certificate holds as data, as they stand there; None where there are none.

    For files of strangers: nothing but this one stream is looked for, and no more than MOST_FACTS bytes are unpacked.
    """
    named = EMBEDDED.search(pdf)
    begun = STREAM.search(pdf, named.end(), named.end() + LONGEST_HEAD) if named else None
    if begun is None:
        return None
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(pdf[begun.end() : begun.end() + MOST_FACTS], MOST_FACTS)
    except zlib.error:
        return None
    return content if unpacking.eof else None


def _facts_stream(content: bytes, day: str):
    import pydyf

    params = {
        "Size": len(content),
        "CheckSum": f"<{hashlib.md5(content, usedforsecurity=False).hexdigest()}>",
        "ModDate": pydyf.String(_day(day)),
    }
    extra = {"Type": "/EmbeddedFile", "Subtype": "/application#2fjson", "Params": pydyf.Dictionary(params)}
    return pydyf.Stream([content], extra, compress=True)


def _day(day: str) -> str:
    """2026-03-12 as PDF writes it."""
    return "D:" + day.replace("-", "")
