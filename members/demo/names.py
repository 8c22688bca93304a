"""What invented people, bodies and streets are called, region by region. No list follows any real register."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    """Where a society's people live. Postcodes begin with letters that no post office uses."""

    first_names: tuple[str, ...]
    surnames: tuple[str, ...]
    streets: tuple[str, ...]
    places: tuple[tuple[str, str], ...]  # a town or village, and how its postcodes begin; the nearest first
    bodies: tuple[str, ...]
    societies: tuple[str, ...]
    groups: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


ENGLAND = Region(
    first_names=_words(
        "Ada, Alice, Amir, Anthony, Arthur, Barbara, Beth, Brian, Catherine, Charles, Chidi, Clare, Daniel, "
        "Deborah, Derek, Dorothy, Edward, Eileen, Emma, Ernest, Farah, Frances, George, Grace, Harold, "
        "Hannah, Helen, Henry, Ivy, Jack, Janet, Jean, Joan, John, Judith, Karen, Keith, Laura, Lucy, "
        "Malcolm, Margaret, Martin, Mary, Michael, Muriel, Nadia, Neil, Nora, Oliver, Olive, Pamela, Patrick, "
        "Paul, Peter, Philippa, Priya, Rachel, Ralph, Richard, Rita, Robert, Rosemary, Ruth, Samuel, Sandra, "
        "Sheila, Simon, Stella, Stephen, Susan, Sunita, Thomas, Tom, Valerie, Vera, Victor, Walter, Wendy, "
        "William, Winifred, Yusuf"
    ),
    surnames=_words(
        "Abbott, Adeyemi, Ainsley, Archer, Ashdown, Barley, Bexley, Birch, Blackwood, Bramley, Brewster, "
        "Carter, Chandler, Clements, Cooper, Coward, Dalby, Dawson, Draper, Eldridge, Ellison, Fairweather, "
        "Fenwick, Fletcher, Gaskell, Greenhalgh, Hargreave, Hartley, Hayward, Holt, Howarth, Hussain, Iqbal, "
        "Jessop, Kaur, Kershaw, Lacey, Lister, Lovell, Marlow, Mistry, Nuttall, Oakley, Ogden, Patel, "
        "Peacock, Penrose, Quayle, Ramsden, Redfern, Rowbotham, Saddler, Schofield, Shepherd, Smithies, "
        "Standring, Tanner, Taylor, Thackeray, Tilling, Tweedale, Underhill, Vickers, Wainwright, Weaver, "
        "Whitlock, Woodcock, Yardley"
    ),
    streets=_words(
        "High Street, Mill Lane, Church Row, The Green, Back Lane, Station Road, Orchard Close, Weavers Yard, "
        "Forge Hill, Duckpond Lane, Chapel Walk, School Road, Long Meadow, Baker Street, Bridge End"
    ),
    places=(
        ("Quillbrook", "QB1 1"),
        ("Quillbrook St Mary", "QB1 2"),
        ("Nether Tidling", "QB4 7"),
        ("Penny Marsh", "QB9 3"),
        ("Great Harbourn", "QX2 5"),
    ),
    bodies=_words(
        "Quillbrook Parish Hall Trust, Tidling Cricket Club, The Penny Marsh Foundation, Forge Hill Garage "
        "Ltd, Harbourn Rotary Benevolent Fund, Weavers Yard Studios Ltd, Quillbrook Bell Ringers, Orchard "
        "Close Nursery Ltd, The Duckpond Charity, Great Harbourn Credit Trust"
    ),
    societies=_words(
        "Penny Marsh Growers Limited, Harbourn Consumer Co-operative Society Limited, Tidling Community Pub "
        "Limited, Weavers Land Society Limited"
    ),
    groups=_words(
        "The Tuesday Walkers, Quillbrook Allotment Friends, Church Row Neighbours, The Knit and Natter "
        "Circle, Station Road Runners, The Harbourn Quartet"
    ),
)

WALES = Region(
    first_names=_words(
        "Aled, Alun, Angharad, Aneurin, Anwen, Bethan, Bronwen, Carys, Catrin, Ceri, Dafydd, Delyth, Dewi, "
        "Dilys, Efa, Eirlys, Elen, Eleri, Elin, Emyr, Eurwen, Ffion, Gareth, Geraint, Gethin, Glenys, Gwen, "
        "Gwenllian, Gwilym, Gwyn, Haf, Heledd, Huw, Hywel, Ieuan, Ifan, Ioan, Iolo, Iwan, Joan, John, Llinos, "
        "Llyr, Lowri, Mair, Mali, Manon, Margaret, Mari, Medwyn, Megan, Meirion, Menna, Meurig, Morfydd, "
        "Myfanwy, Nerys, Nest, Nia, Non, Olwen, Osian, Owain, Peter, Rhian, Rhiannon, Rhodri, Rhys, Sara, "
        "Sian, Sioned, Steffan, Susan, Tegwen, Tomos, Tudur, Wyn"
    ),
    surnames=_words(
        "Ap Rhydderch, Bebb, Beddoes, Bevan, Bowen, Breese, Cadwaladr, Craddock, Davies, Eynon, Ellis, Evans, "
        "Gittins, Glyn, Griffiths, Gwynne, Harries, Havard, Hopkin, Howell, Hughes, Humphreys, Ithell, James, "
        "Jenkins, Jones, Kendrick, Lewis, Llewelyn, Lloyd, Maddocks, Maredudd, Meredith, Morgan, Morris, "
        "Mostyn, Nanney, Nicholas, Owen, Parry, Penry, Powell, Price, Prosser, Prydderch, Prytherch, Pugh, "
        "Rees, Rhydderch, Richards, Roberts, Rowlands, Samuel, Thomas, Treharne, Trevor, Tudor, Vaughan, "
        "Watkins, Williams, Wynne, Yorath"
    ),
    streets=_words(
        "Heol y Felin, Stryd Fawr, Ffordd y Llan, Lôn Gefn, Rhes y Capel, Maes y Dderwen, Tan y Bryn, Heol yr "
        "Orsaf, Bryn Awel, Glan yr Afon, Ffordd y Mynydd, Cae Bach, Pen y Bont, Y Maes"
    ),
    places=(
        ("Gwernlas", "YG1 1"),
        ("Pont Gwernlas", "YG1 2"),
        ("Llanfedwyn", "YG3 4"),
        ("Cefn Hydref", "YG6 2"),
        ("Aberllwyfan", "YL4 8"),
    ),
    bodies=_words(
        "Neuadd Goffa Gwernlas, Clwb Pêl-droed Pont Gwernlas, Ymddiriedolaeth Llanfedwyn, Cefn Hydref Farms "
        "Ltd, Gwernlas Male Voice Choir, Aberllwyfan Boat Trust, Merched y Wawr Llanfedwyn, Tan y Bryn Crafts "
        "Ltd, Capel Seion Building Fund, Gwernlas Bus Company Ltd, The Hydref Foundation, Ysgol Sul Pen y "
        "Bont"
    ),
    societies=_words(
        "Tafarn Llanfedwyn Cyfyngedig, Aberllwyfan Housing Society Limited, Cefn Hydref Woodland Society "
        "Limited, Siop Pen y Bont Limited, Llwyfan Wind Society Limited"
    ),
    groups=_words(
        "Cerddwyr Cwm Gwernlas, Côr Bach Llanfedwyn, The Mill Race Swimmers, Cylch Darllen Pont, Hydref "
        "Beekeepers, Ffrindiau’r Afon, Tan y Bryn Ringers"
    ),
)

NORTHERN_IRELAND = Region(
    first_names=_words(
        "Aidan, Aoife, Ashleigh, Bernadette, Brendan, Brigid, Caitlin, Catherine, Ciaran, Ciara, Clare, Colm, "
        "Conor, Cormac, Darragh, Declan, Deirdre, Dermot, Eamon, Eileen, Elizabeth, Eoin, Fergal, Fiona, "
        "Gerard, Grainne, Heather, Hugh, Ian, Irene, Jacqueline, James, Jonathan, Kathleen, Kieran, Lorraine, "
        "Maeve, Mairead, Malachy, Margaret, Mark, Maureen, Mervyn, Michael, Niall, Niamh, Noel, Norma, Nuala, "
        "Orla, Patrick, Paula, Philomena, Raymond, Roisin, Rory, Rosaleen, Ruth, Samuel, Sandra, Sarah, "
        "Seamus, Shauna, Sinead, Stephen, Thomas, Trevor, Una, Victoria, William"
    ),
    surnames=_words(
        "Adair, Agnew, Bailie, Boyd, Boyle, Brady, Breen, Calvert, Carlin, Carson, Casement, Convery, "
        "Cunningham, Devlin, Diamond, Doherty, Donnelly, Dunlop, Ferris, Gallagher, Gault, Gilmore, Gormley, "
        "Graham, Hamill, Hanna, Heaney, Irwin, Johnston, Kane, Keenan, Kerr, Laverty, Logue, Lynch, Magill, "
        "McAllister, McAuley, McBride, McCann, McClure, McCloskey, McConnell, McGarry, McIlroy, McKee, "
        "McKenna, McMullan, McNeill, McQuillan, Molloy, Montgomery, Moore, Mulholland, Neeson, Nesbitt, "
        "Quinn, Rafferty, Rea, Scullion, Shannon, Stewart, Toner, Wallace, Wylie"
    ),
    streets=_words(
        "Harbour Road, Shore Street, Quay Lane, Castle Terrace, Brewery Brae, Lough View, Main Street, Market "
        "Square, Rathmore Park, Glebe Road, Strand Avenue, Kiln Row"
    ),
    places=(("Drumnacarrow", "DQ1 1"), ("Portacarrow", "DQ1 3"), ("Killyfaddock", "DQ5 6"), ("Ballyhenly", "DQ8 2")),
    bodies=_words(
        "Drumnacarrow Regatta Committee, Killyfaddock Silver Band, Portacarrow Ice Company Ltd, The Kiln Row "
        "Trust, Ballyhenly Farmers Club, Shore Street Surgery Ltd, Carrow Lifeboat Friends, Glebe Road Mens "
        "Shed"
    ),
    societies=_words("Portacarrow Fishermen Limited, Ballyhenly Creamery Society Limited, Killyfaddock Energy Limited"),
    groups=_words(
        "The Friday Session, Carrow Sea Swimmers, Brewery Brae Neighbours, Killyfaddock Ceilidh Circle, The "
        "Lough View Eight"
    ),
)
