// minewarden.yaml: what it sets, and that nonsense changes nothing.

import Diagnostics
import Policy
import Testing

@Suite struct AgentSettingsTests {
    private func read(_ text: String) -> (settings: AgentSettings, codes: [String]) {
        let result = AgentSettings.read(
            PolicySource(name: "minewarden.yaml", bytes: Array(text.utf8))
        )
        return (result.settings, result.diagnostics.map(\.code.name))
    }

    @Test func `reads every key`() {
        let (settings, codes) = read(
            """
            unreadable: allow
            late: deny
            deadline: 50ms
            output: json
            compatible_agent_version: 7.70
            container_storage: [/srv/containers, "/data/docker"]
            brake: {executables: 0, containers: 3, period: 2m}
            """
        )
        #expect(codes.isEmpty)
        #expect(settings.unreadable == .allow && settings.late == .deny)
        #expect(settings.deadline == .milliseconds(50) && settings.output == .json)
        #expect(settings.containerStorage == ["/srv/containers", "/data/docker"])
        #expect(settings.brake.executables == 0 && settings.brake.containers == 3)
        #expect(settings.brake.period == .seconds(120))
        #expect(settings.compatibleAgentVersion == ReleaseVersion(7, 70, 0))
    }

    @Test(arguments: [
        ("", nil), ("unreadable: maybe", "P002"), ("deadline: 1h", "P040"),
        ("deadline: 1ms", "P040"), ("deadline: soon", "P021"), ("dedline: 1s", "P001"),
        ("compatible_agent_version: new", "P040"), ("- a", "P002"), ("late: [deny]", "P002"),
        ("container_storage: [containers]", "P040"), ("container_storage: {a: b}", "P002"),
        ("brake: 5", "P002"), ("brake: {executables: -1}", "P002"),
        ("brake: {period: 1ms}", "P040"), ("brake: {persons: 2}", "P001"), ("\u{0}", "Y004"),
    ])
    func `keeps the defaults where a value is wrong`(text: String, code: String?) {
        let (settings, codes) = read(text)
        #expect(codes == (code.map { [$0] } ?? []))
        #expect(settings == AgentSettings())
        #expect(settings.unreadable == .deny && settings.late == .allow)
        #expect(settings.deadline == .milliseconds(500))
    }
}
