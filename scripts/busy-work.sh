#!/usr/bin/env bash
# Ordinary work for test-busy.sh, which runs it in an overlay over the host's root: shell pipelines,
# git, compilers, a build of this project, packages, cron, interpreters, containers. It writes about
# pools and miners where people do. Prints what it did and what it left out.
set -euo pipefail
cd /srv/work

# Does a piece of work, a function that ends with its first command that fails. With --if-possible a
# host on which it fails may leave it out. Not to be called in a condition: set -e is off in there.
work() {
    local optional=0 name began=$SECONDS status
    [ "$1" != --if-possible ] || { optional=1 && shift; }
    name=$1
    shift
    set +e
    (set -e; "$@") >work.log 2>&1
    status=$?
    set -e
    if [ "$status" -ne 0 ]; then
        tail -20 work.log >&2
        echo "test-busy: $name: status $status" >&2
        [ "$optional" -eq 1 ] || exit 1
        leave_out "$name"
        return
    fi
    echo "test-busy: $name ($((SECONDS - began)) s)"
}
leave_out() {
    echo "test-busy: left out: $1" >&2
    [ "${CI:-}" != true ] || exit 1
}
with() {
    local program
    for program; do command -v "$program" >/dev/null || { leave_out "$program is not installed"; return 1; }; done
}

# Shell and its small programs.

pipelines() {
    local word i
    for word in pool stratum miner wallet; do
        for i in $(seq 40); do echo "$word $i"; done | sort -R | tee counted | grep -c "$word" |
            xargs -n 1 echo | sed "s/^/$word: /" | awk '{ print $NF }' | tr -d '\n' | head -c 4
    done
    find /etc -maxdepth 2 -type f -name '*.conf' -exec grep -ls pool {} + | head -5 | wc -l
    # Who looks for miners is not one.
    find /proc/self -maxdepth 1 | grep -E 'xmrig|kinsing|stratum' || true
    tar czf etc.tar.gz /etc/hosts /etc/passwd
    gzip -t etc.tar.gz
    sha256sum etc.tar.gz | cut -c1-8
    timeout 5 nice -n 5 env A=b nohup sh -c 'for i in 1 2 3; do date +%s; sleep 0.1; done'
    seq 200 | xargs -P 4 -I{} sh -c 'echo {} | md5sum'
    for i in $(seq 100); do basename "/opt/pool/$i" "$i"; done
}
work "shell pipelines" pipelines

versions() {
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
    git init -q repository
    cd repository
    git config user.email a@example.org
    git config user.name a
    for i in $(seq 20); do
        echo "stratum+tcp://pool.example.org:$i" >f
        git add f
        git commit -qm "pool: donate-level $i"
    done
    git log --oneline -S stratum+tcp
    git gc -q
    git grep -n stratum
    git diff HEAD~2 --stat
    git checkout -q -b topic HEAD~3
    git rebase -q master || git rebase -q main
    cd ..
    git clone -q repository copy
}
if with git; then work "git" versions; fi

# Cron works at its table while the rest goes on.

cron_begins() {
    rm -rf /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly \
        /var/spool/cron/crontabs
    mkdir -p /etc/cron.d /etc/cron.hourly
    cat >/etc/cron.hourly/rotate <<'JOB'
#!/bin/sh
find /var/log -name '*.gz' -mtime +30 | head -n 3
test -e /srv/work/rotated || date >/srv/work/rotated
JOB
    chmod 755 /etc/cron.hourly/rotate
    cat >/etc/crontab <<'TABLE'
SHELL=/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin
* * * * * root cd / && run-parts --report /etc/cron.hourly
* * * * * root df -P / | awk 'NR > 1 { print $5 }' >>/srv/work/disk && nice ionice -c 3 sync -f /srv/work
TABLE
    chmod 600 /etc/crontab
    cron -f >cron.log 2>&1 &
    cron=$!
}
cron_ends() {
    for _ in $(seq 75); do
        if [ -s rotated ] && [ -s disk ]; then break; fi
        sleep 1
    done
    kill "$cron"
    [ -s rotated ] && [ -s disk ]
}
cron=
if with cron run-parts; then cron_begins; fi

# Compilers.

c_program() {
    mkdir -p c
    cd c
    printf 'int pool(void) { return 3; }\n' >pool.c
    printf 'int pool(void);\nint main(void) { return pool() - 3; }\n' >main.c
    printf 'all: program\nprogram: pool.o main.o\n\tgcc -o program pool.o main.o\n%%.o: %%.c\n\tgcc -O2 -c $< -o $@\n' >Makefile
    for _ in $(seq 10); do
        make -s -j2
        ./program
        rm -f ./*.o program
    done
}
if with gcc make; then work "make and gcc" c_program; fi

this_project() {
    cd project
    swift build --product minewardend
    .build/debug/minewardend --version
}
if with swift; then work "a compile of this project" this_project; fi

# Packages.

packages() {
    dpkg -l
    dpkg-query -S /bin/ls
    apt-cache policy bash
    apt-get -s install hello
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends hello cowsay
    hello
    DEBIAN_FRONTEND=noninteractive apt-get purge -q -y hello
    apt-get -q clean
    dpkg --audit
}
if with apt-get; then work --if-possible "apt and dpkg" packages; fi

# Interpreters.

python() {
    python3 -c 'import subprocess; [subprocess.run(["true"]) for _ in range(50)]'
    python3 -m json.tool --help
}
if with python3; then work "python" python; fi
if with perl; then work "perl" perl -e 'system("true") == 0 or die for 1..50'; fi

# Containers.

containers() {
    local with_storage=(podman --root /srv/work/p --runroot /srv/work/r --storage-driver vfs
        --cgroup-manager cgroupfs --runtime runc)
    local limits=(--ulimit nofile=1024:1024 --ulimit nproc=1000:1000)
    mkdir -p image
    cp /bin/busybox image/
    tar -C image -cf image.tar .
    "${with_storage[@]}" import -q image.tar base
    printf 'FROM base\nENV POOL=main\nRUN ["/busybox", "mkdir", "/pool"]\nCMD ["/busybox", "true"]\n' >Containerfile
    "${with_storage[@]}" build -q --network none "${limits[@]}" -t pool:2 .
    for _ in 1 2 3; do
        "${with_storage[@]}" run --rm --network=none "${limits[@]}" pool:2 /busybox echo pool
    done
    "${with_storage[@]}" images
}
if with podman runc busybox; then work --if-possible "podman build and run" containers; fi

if [ -n "$cron" ]; then work "cron" cron_ends; fi

# The one that is to be seen.
cp /bin/true ./xmrig
./xmrig
