# shellcheck shell=bash
# What the stages of the walk have in common. A step is a function; it fails with the first command
# that fails, and what it printed goes to the serial console of the machine.

remark() { echo "# $*"; }

# Runs a step: its name in words, and its function.
step() {
    local name=$1 function=$2 status began=$SECONDS
    # Appended to: what a step shows with "tee -a /dev/stderr" must not lie over the rest.
    : >/var/lib/walk/output
    set +e
    (
        set -eE
        trap 'echo "failed: $BASH_COMMAND (line $LINENO of $BASH_SOURCE)"' ERR
        "$function"
    ) >>/var/lib/walk/output 2>&1
    status=$?
    set -e +e
    if [ "$status" -eq 0 ]; then
        echo "ok $name"
    else
        echo "not ok $name"
        sed 's/^/# | /' /var/lib/walk/output
        evidence | sed 's/^/# | /'
    fi
    { echo "--- $name ($((SECONDS - began)) s, status $status)"; cat /var/lib/walk/output; } >/dev/ttyS0
}

# What somebody wants to see after a failure.
evidence() {
    systemctl status --no-pager --lines=0 minewardend.service 2>&1 | head -n 12
    journalctl --no-pager -b -o short-monotonic -t minewarden -u minewardend.service 2>/dev/null | tail -n 15
}

# Fails with a reason.
fail() {
    echo "$*"
    return 1
}

# Fails if the command succeeds. A plain "!" would not: set -e overlooks it.
not() {
    if "$@"; then fail "succeeded: $*"; fi
}

# Waits for a command to succeed, for a number of seconds.
within() {
    local seconds=$1 end
    shift
    end=$((SECONDS + seconds))
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || fail "not within $seconds s: $*"
        sleep 0.3
    done
}

# Kinds of signals, as in the catalog.
# shellcheck disable=SC2034 # by the stages
started=e84f6335c72b4e15859fbfa54b7faffe
# shellcheck disable=SC2034
stopped=7d283d41f32f4331ab0a97ce1bea833d
# shellcheck disable=SC2034
refused=047a540cd4c347eeac6fec403bb519c9

# Signals in the journal of this boot, one JSON object a line; arguments are further matches.
signals() {
    journalctl --sync
    journalctl --no-pager -b -o json -t minewarden "$@"
}

# How many there are.
count() { signals "$@" | wc -l; }

# Whether there is one.
signalled() { [ "$(count "$@")" -gt 0 ]; }

# A field of each, one a line.
field() {
    local name=$1
    shift
    journalctl --sync
    journalctl --no-pager -b -o cat --output-fields="$name" -t minewarden "$@"
}

is_active() { [ "$(systemctl is-active minewardend.service)" = active ]; }

# The stand-in: a copy of /bin/true under a miner's name.
miner=/opt/mine/xmrig
pool=(-o stratum+tcp://pool.example.com:3333 -u wallet -p x)

# Runs it with these arguments, and succeeds if that is refused.
refused_with() {
    local answer
    if answer=$("$miner" "$@" 2>&1); then
        echo "$miner $* ran"
        return 1
    fi
    grep 'Operation not permitted' <<<"$answer"
}

blocks() { refused_with "${pool[@]}"; }

# Turns Active Protection on, and blocking for these rules.
block() {
    local rule
    minewarden protection enable
    for rule; do minewarden protection set "$rule" blocking; done
    minewarden deploy --dry-run
    minewarden deploy
    minewarden status
}

# Runs it as a service of its own, so that the journal has a unit to name. By a script: whoever has the
# arguments of a miner in its own is refused as well.
mine_as_service() {
    systemd-run --quiet --wait --unit "$1" /bin/sh "$(dirname "$miner")/start.sh"
}

# What the journal has of a unit.
answers() {
    journalctl --sync
    journalctl --no-pager -b -o cat -u "$1"
}
