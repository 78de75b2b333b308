/// What accented and special letters become in the search for accounts: each line holds the plain
/// letters and then all the lower-case letters that are read as them.
///
/// Made from the decompositions of Unicode 15 (Latin, Greek, Cyrillic, full-width forms), with the
/// letters that have none, such as ł, đ, ø, ß, ı and æ, added by hand.
enum FoldTable {
  static let plainLetters: [Unicode.Scalar: String] = {
    var table: [Unicode.Scalar: String] = [:]
    for line in lines.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count == 2 else { continue }
      for letter in parts[1].unicodeScalars { table[letter] = String(parts[0]) }
    }
    return table
  }()

  private static let lines = """
    0 ０
    1 １
    2 ２
    3 ３
    4 ４
    5 ５
    6 ６
    7 ７
    8 ８
    9 ９
    a àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặａ
    b ƀḃḅḇｂ
    c çćĉċčȼḉｃ
    d ðďđḋḍḏḑḓｄ
    e èéêëēĕėęěȅȇȩɇḕḗḙḛḝẹẻẽếềểễệｅ
    f ƒḟｆ
    g ĝğġģǥǧǵḡｇ
    h ĥħȟḣḥḧḩḫẖｈ
    i ìíîïĩīĭįİıǐȉȋḭḯỉịｉ
    j ĵǰɉｊ
    k ķĸǩḱḳḵｋ
    l ĺļľłƚḷḹḻḽｌ
    m ḿṁṃｍ
    n ñńņňŋǹṅṇṉṋｎ
    o òóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợｏ
    p ṕṗｐ
    q ｑ
    r ŕŗřȑȓɍṙṛṝṟｒ
    s śŝşšſșṡṣṥṧṩẛｓ
    t ţťŧțṫṭṯṱẗｔ
    u ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữựｕ
    v ṽṿｖ
    w ŵẁẃẅẇẉẘｗ
    x ẋẍｘ
    y ýÿŷȳɏẏẙỳỵỷỹｙ
    z źżžƶẑẓẕｚ
    ʒ ǯ
    ʹ ʹ
    α άἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ
    β ϐ
    ε έϵἐἑἒἓἔἕὲέ
    η ήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ
    θ ϑ
    ι ΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ
    κ ϰ
    ο όὀὁὂὃὄὅὸό
    π ϖ
    ρ ϱῤῥ
    σ ςϲ
    υ ΰϋύϒϓϔὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ
    φ ϕ
    ω ώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ
    а ӑӓ
    г ѓ
    е ѐёӗ
    ж ӂӝ
    з ӟ
    и йѝӣӥ
    к ќ
    о ӧ
    у ўӯӱӳ
    ч ӵ
    ы ӹ
    э ӭ
    і ї
    ѵ ѷ
    ә ӛ
    ө ӫ
    ae æǣǽ
    aʾ ẚ
    dz ǆǳ
    ij ĳ
    lj ǉ
    nj ǌ
    oe œ
    ss ß
    th þ
    ʼn ŉ
    """
}
