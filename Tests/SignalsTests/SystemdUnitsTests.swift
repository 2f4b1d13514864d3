// Which units a control group belongs to.

import Signals
import Testing

struct `Systemd units` {
    @Test(arguments: [
        ("/system.slice/nginx.service", "nginx.service"),
        (
            "/user.slice/user-0.slice/user@0.service/app.slice/app-x.scope/sub",
            "app-x.scope"
        ),
        ("/system.slice/a.service/b.service", "b.service"),
        ("/system.slice", ""), ("/", ""), ("", ""), ("/.service", ""), ("/x.services", ""),
        ("/docker/0123", ""),
    ])
    func `is the innermost service or scope of the cgroup`(path: String, unit: String) {
        #expect(SystemdUnits(cgroup: Array(path.utf8)).innermost == Array(unit.utf8))
    }

    @Test(arguments: [
        ("/system.slice/cron.service", "cron.service", ""),
        ("/user.slice/user-1000.slice/session-3.scope", "session-3.scope", ""),
        ("/machine.slice/libpod-c0ffee.scope/container", "libpod-c0ffee.scope", ""),
        (
            "/user.slice/user-1000.slice/user@1000.service/session.slice/dbus.service",
            "user@1000.service", "dbus.service"
        ),
        // Made by the user in question.
        (
            "/user.slice/user-1000.slice/user@1000.service/app.slice/sshd.service/x.service",
            "user@1000.service", "sshd.service"
        ),
        ("/", "", ""), ("", "", ""), ("/.service", "", ""),
    ])
    func `the journal shows it with the unit of the system`(
        cgroup: String,
        system: String,
        user: String
    ) {
        let units = SystemdUnits(cgroup: Array(cgroup.utf8))
        #expect(units.system == Array(system.utf8))
        #expect(units.user == Array(user.utf8))
    }
}
