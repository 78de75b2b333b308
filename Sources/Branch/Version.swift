/// Which Daybook this is: `--version` and the log say it.
public enum Version {
  /// By the rules of semver.org. `-dev` behind it means: on the way to that release.
  public static let text = "1.0.0-dev"
}
