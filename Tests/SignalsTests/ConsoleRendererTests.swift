// Signals at a terminal.

import Signals
import Testing

@Suite struct ConsoleRendererTests {
    @Test func `shows a monitored detection with what to do`() {
        var process = Sample.process("/tmp/xmrig", ["-o", "pool.example:3333", "-u", "a b"])
        process.environment = EnvironmentRecord(envp: [[UInt8]("DD_SERVICE=api")])
        var detection = Sample.detection(
            .monitored,
            why: .activeProtectionOff,
            process: process,
            activeProtection: false
        )
        detection.container = ContainerRecord(id: [UInt8]("0123456789abcdef"))
        detection.container?.image = [UInt8]("worker:2.5")
        let text = ConsoleRenderer(width: 100).render(Sample.signal(detection))
        #expect(
            text == """
                2026-11-23 17:33:08 MONITORED xmrig  was allowed to run  rule cryptominer_args
                    command  /tmp/xmrig -o pool.example:3333 -u 'a b'
                    file     /tmp/xmrig
                    process  pid 4711, parent 4000, user alice (1000), in /tmp
                    where    service api, container 0123456789ab, image worker:2.5
                    why      Active Protection is disabled on this host
                    next     Active Protection disabled; to enable it: minewarden protection enable && minewarden deploy
                    next     to block it: minewarden protection set cryptominer_args blocking && minewarden deploy
                    next     the rule: minewarden rules show cryptominer_args

                """
        )
    }

    @Test(arguments: [
        (Outcome.denied, "DENIED    xmrig  denied before it ran  rule"),
        (.killed, "KILLED    xmrig  had started, was killed  rule"),
        (.killFailed, "RUNNING   xmrig  exit not seen, may still be running  rule"),
        (.allowedLate, "ALLOWED   xmrig  verdict too late, was allowed to run  rule"),
        (.gone, "GONE      xmrig  vanished before the answer  rule"),
    ])
    func `says the outcome in words`(outcome: Outcome, words: String) {
        let text = ConsoleRenderer().render(Sample.signal(Sample.detection(outcome)))
        #expect(text.hasPrefix("2026-11-23 17:33:08 \(words) cryptominer_args\n"))
    }

    @Test func `shows a service event in one line`() {
        let event = ServiceEvent.stopped(reason: "terminated")
        #expect(
            ConsoleRenderer().render(Sample.signal(event))
                == "2026-11-23 17:33:08 service   minewarden stopped: terminated;"
                + " nothing is held any more\n"
        )
        let lost = ServiceEvent.eventsLost(.signals, lostCount: 5)
        #expect(
            ConsoleRenderer(utcOffsetSeconds: 3600).render(Sample.signal(lost))
                .hasPrefix("2026-11-23 18:33:08 ERROR     5 signals were dropped")
        )
    }

    @Test func `colours only if asked, and only what happened`() {
        let signal = Sample.signal(Sample.detection(.denied))
        let plain = ConsoleRenderer().render(signal)
        let colored = ConsoleRenderer(usesColor: true).render(signal)
        #expect(!plain.contains("\u{1B}"))
        #expect(colored.contains("\u{1B}[32mDENIED   \u{1B}[0m xmrig"))
        #expect(colored.split(separator: "\u{1B}").count == 3)
    }

    @Test func `cuts long lines but never a command to type`() {
        let process = Sample.process("/tmp/xmrig", [String(repeating: "x", count: 500)])
        let signal = Sample.signal(
            Sample.detection(.monitored, rule: RuleReference(id: "r"), process: process)
        )
        for line in ConsoleRenderer(width: 60).render(signal).split(separator: "\n") {
            if line.hasPrefix("    next") {
                #expect(!line.contains("…"))
            } else {
                #expect(line.count <= 60)
            }
        }
    }

    @Test func `lets nothing of the host steer the terminal`() {
        let evil = "\u{1B}]0;x\u{7}\n\r\u{9B}31m"
        var process = Sample.process("/tmp/\(evil)", [evil])
        process.user = [UInt8](evil)
        process.workingDirectory = [UInt8](evil)
        process.unit = [UInt8](evil)
        process.environment = EnvironmentRecord(envp: [[UInt8]("DD_SERVICE=\(evil)")])
        var detection = Sample.detection(
            .monitored,
            rule: RuleReference(id: evil, tags: ["threat:\(evil)"]),
            process: process
        )
        detection.container = ContainerRecord(id: [UInt8](evil))
        detection.container?.image = [UInt8](evil)
        let text = ConsoleRenderer(width: 4000).render(Sample.signal(detection))
        let isClean = text.unicodeScalars.allSatisfy {
            $0 == "\n" || (0x20..<0x7F).contains($0.value) || $0.value >= 0xA0
        }
        #expect(isClean)
        #expect(
            text.split(separator: "\n").allSatisfy { $0.hasPrefix("    ") || $0.hasPrefix("20") }
        )
    }
}
