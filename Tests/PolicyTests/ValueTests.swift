// Durations and version constraints, as policies write them.

import Policy
import Testing

@Suite struct ValueTests {
    @Test(arguments: [
        (">= 7.71", "7.78.0", true), (">= 7.71", "7.70.9", false), (">=7.65 <7.70", "7.69.3", true),
        (">=7.65 <7.70", "7.70.0", false), (">=7.65, <7.70", "7.64.0", false),
        ("< 7.71", "7.71.0", false), ("< 7.71", "7.70.99", true), ("<= 7.71", "7.71.5", true),
        ("> 7.71", "7.71.5", false), ("> 7.71", "7.72.0", true), ("7.71", "7.71.4", true),
        ("= 7.71.4", "7.71.5", false), ("!= 7.71", "7.71.2", false), ("!=7.71", "7.72.0", true),
        ("~7.65", "7.65.9", true), ("~7.65", "7.66.0", false), ("^7.1", "7.99.0", true),
        ("^7.1", "8.0.0", false), ("7.x", "7.5.0", true), ("*", "1.0.0", true),
        ("< 6 || >= 7.70", "7.78.0", true), ("< 6 || >= 7.70", "6.5.0", false),
        (">= v7.71.0-rc.1", "7.71.0", true), ("=>7.1", "7.1.0", true),
        ("7.65 - 7.70", "7.65.0", true), ("7.65 - 7.70", "7.70.9", true),
        ("7.65 - 7.70", "7.71.0", false), ("6 - 7.1.2 || 9", "7.1.3", false),
        ("6 - 7.1.2 || 9", "9.5.0", true),
    ])
    func `decides whether a version is asked for`(
        constraint: String,
        version: String,
        expected: Bool
    ) throws {
        let parsed = try #require(VersionConstraint(constraint))
        #expect(parsed.allows(try #require(ReleaseVersion(version))) == expected)
    }

    @Test(arguments: [
        "", " ", "seven", ">=", ">= 7.a", "7.1.2.3", "|| 7", "7 ||", ">= 99999999999", "7..1",
        ">> 7", "7.x.1", ">= 7.65 - 7.70", "7.65 - ", "- 7", "7.65 - 7.70 - 8",
    ])
    func `refuses what is no constraint`(text: String) {
        #expect(VersionConstraint(text) == nil)
    }

    @Test(arguments: [
        ("10s", 10_000), ("5m", 300_000), ("1h30m", 5_400_000), ("1.5s", 1_500), ("300ms", 300),
        ("0", 0), ("0s", 0), (".5s", 500), ("2s300ms", 2_300), ("5000000", 5),
    ])
    func `reads durations in both spellings`(text: String, milliseconds: Int) {
        let result = LoadResult(
            "rules: [{id: a, expression: 'exec.file.name == \"x\"', every: \(text)}]"
        )
        #expect(result.codes.isEmpty)
        #expect(result.ruleSet.rules.first?.every == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "1", "10", "s", "1d", "1 s", "-1s", "1s1", "1..s", "'ten'", "[1s]", "99999999999999h",
        "1.5", "-5",
    ])
    func `refuses what is no duration`(text: String) {
        let result = LoadResult(
            "rules: [{id: a, expression: 'exec.file.name == \"x\"', every: \(text)}]"
        )
        if ["1", "10"].contains(text) {
            #expect(result.codes.isEmpty, "an integer is nanoseconds")
        } else {
            #expect(!result.codes.isEmpty)
            #expect(result.states == ["a loaded"], "a bad rate costs no rule")
        }
    }
}
