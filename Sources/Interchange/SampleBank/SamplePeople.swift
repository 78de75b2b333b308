import BankCore

/// Names for the sample bank, from the languages that a branch meets and that a terminal finds
/// hard: accents, wide characters, scripts that run from right to left.
struct SamplePeople {
  let families: [String]
  let givenNames: [String]
  /// How the bank writes such a name.
  let order: Order

  enum Order {
    /// `Novák, Jan`
    case familyCommaGiven
    /// `Nguyễn Văn An`, `佐藤 花子`
    case familyGiven
    /// `王芳`
    case familyGivenJoined
    /// `محمد الحسن`
    case givenFamily
  }

  init(_ order: Order, families: String, givenNames: String) {
    self.order = order
    self.families = families.split(separator: " ").map { String($0.replacing("_", with: " ")) }
    self.givenNames = givenNames.split(separator: " ").map { String($0.replacing("_", with: " ")) }
  }

  func name(_ random: inout SeededRandom) -> String {
    let family = random.pick(families) ?? ""
    let given = random.pick(givenNames) ?? ""
    return switch order {
    case .familyCommaGiven: "\(family), \(given)"
    case .familyGiven: "\(family) \(given)"
    case .familyGivenJoined: family + given
    case .givenFamily: "\(given) \(family)"
    }
  }

  /// Two people of one household.
  func household(_ random: inout SeededRandom) -> String {
    let first = name(&random)
    let second = random.pick(givenNames) ?? ""
    return order == .familyCommaGiven && !first.hasSuffix(" " + second)
      ? "\(first) & \(second)" : first
  }

  static let groups: [SamplePeople] = [
    SamplePeople(
      .familyCommaGiven,
      families: "Nováková Benešová Dvořáková Černá Procházková Kučerová Šťastná Říhová Žižková",
      givenNames: "Jana Věra Lenka Ludmila Zdeňka Markéta Kateřina Eliška Růžena"),
    SamplePeople(
      .familyCommaGiven,
      families: "Novák Kovář Dvořák Černý Procházka Kučera Šťastný Říha Křížek Vaněk",
      givenNames: "Jan Petr Jiří Tomáš Zdeněk Ondřej Matěj Luboš Radek"),
    SamplePeople(
      .familyCommaGiven,
      families: "Müller Schäfer Krüger Großmann Weiß Jäger Böhm Vogt Lindner von_der_Heide",
      givenNames: "Jürgen Käthe Björn Sören Anneliese Günther Ute Heike Matthias Lieselotte"),
    SamplePeople(
      .familyCommaGiven,
      families: "Kowalska Wiśniewska Wójcik Łuczak Żak Dąbrowska Błaszczyk Górska Śliwa",
      givenNames: "Małgorzata Agnieszka Łucja Zofia Bożena Grażyna Elżbieta"),
    SamplePeople(
      .familyGiven, families: "Nguyễn Trần Lê Phạm Hoàng Đặng Bùi Đỗ",
      givenNames: "Văn_An Thị_Hoa Minh_Đức Thị_Lan Quốc_Bảo Thu_Hà Hữu_Phước"),
    SamplePeople(
      .familyCommaGiven, families: "Yılmaz Şahin Çelik Öztürk Güneş Işık Doğan Kılıç",
      givenNames: "Ayşe Mehmet Çiğdem İbrahim Gülşen Ömer Şule Emre"),
    SamplePeople(
      .familyCommaGiven,
      families: "Παπαδοπούλου Γεωργίου Νικολάου Οικονόμου Αλεξίου Σταματίου",
      givenNames: "Μαρία Ελένη Γιώργος Κατερίνα Σπύρος Δέσποινα"),
    SamplePeople(
      .familyCommaGiven,
      families: "Шевченко Коваленко Бондаренко Ткаченко Мельник Гнатюк",
      givenNames: "Олена Андрій Оксана Василь Юлія Тарас"),
    SamplePeople(
      .familyCommaGiven, families: "Иванова Петрова Димитрова Соколова Георгиева",
      givenNames: "Анна Мария Светлана Екатерина Надежда"),
    SamplePeople(
      .givenFamily, families: "الحسن العلي النجار حداد الخطيب منصور",
      givenNames: "محمد فاطمة يوسف ليلى أحمد مريم"),
    SamplePeople(
      .givenFamily, families: "כהן לוי מזרחי פרץ ביטון אברהם",
      givenNames: "דוד רחל יוסף מרים נועה אורי"),
    SamplePeople(
      .familyGivenJoined, families: "王 李 张 刘 陈 杨 欧阳",
      givenNames: "芳 伟 秀英 志强 丽华 建国 小明"),
    SamplePeople(
      .familyGivenJoined, families: "김 이 박 최 정 강",
      givenNames: "민준 서연 지훈 하은 영수 수빈"),
    SamplePeople(
      .familyCommaGiven, families: "O’Brien Lefèvre Núñez Søndergaard Åkesson Ćosić Țepeș Kőszegi",
      givenNames: "Siobhán François Begoña Jørgen Märta Đorđe Ștefan Tünde"),
  ]

  static let japanese = SamplePeople(
    .familyGiven, families: "佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 小林 髙田 﨑山",
    givenNames: "花子 太郎 美咲 健一 さくら 翔太 恵子 ひろし")

  static let companies = [
    "Pekárna U Mlýna s.r.o.", "Řeznictví Šebesta a synové", "Blumen Krüger GmbH",
    "Café Zürich", "Wohnungsgenossenschaft Am Alten Güterbahnhof eG", "Hôtel de l’Étoile",
    "Apteka pod Orłem", "Quán Phở Hà Nội", "Köşe Market", "Ταβέρνα Ακρόπολις", "Кафе «Калина»",
    "مطعم الياسمين", "מאפיית הזית", "福满楼餐厅", "서울식당", "Riverside Bus & Tram",
    "Riverside Energy", "Zahnarztpraxis Dr. Böhm", "Autoservis Vaněk", "Kleine Bücherstube",
    "Riverside Football Club", "Smith, Jones & Żak Ltd", "Parish of St. Ludmila",
    "Riverside Grammar School", "Volunteer Fire Brigade Riverside",
  ]

  static let japaneseCompanies = ["株式会社みなと商店", "有限会社さくら製菓", "ラーメン一番", "Tōyō Trading K.K."]
}
