#!/bin/sh
# Customize hook of the server image: $1 is the new root, $2 holds compose.deb and lab-init.
set -eu
root=$1 given=$2

plugins=$root/usr/libexec/docker/cli-plugins
mkdir -p "$plugins"
dpkg-deb --fsys-tarfile "$given/compose.deb" | tar -xO ./usr/libexec/docker/cli-plugins/docker-compose >"$plugins/docker-compose"
chmod 755 "$plugins/docker-compose"
install -m 755 "$given/lab-init" "$root/sbin/lab-init"

cat >"$root/etc/systemd/system/lab-hostkeys.service" <<'UNIT'
[Unit]
Description=Make this server's host keys on its first boot
Before=ssh.service
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key

[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key
ExecStart=/usr/bin/ssh-keygen -q -t ecdsa -N "" -f /etc/ssh/ssh_host_ecdsa_key

[Install]
WantedBy=multi-user.target
UNIT

chroot "$root" sh -eu <<'INSIDE'
echo root:lab-root | chpasswd
for user in admin opsword limited; do
    useradd --create-home --shell /bin/bash "$user"
    echo "$user:lab-$user" | chpasswd
done
echo 'admin ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/admin
echo 'opsword ALL=(ALL) ALL' >/etc/sudoers.d/opsword
chmod 440 /etc/sudoers.d/admin /etc/sudoers.d/opsword
printf 'PermitRootLogin yes\nPasswordAuthentication yes\n' >/etc/ssh/sshd_config.d/10-lab.conf
echo LANG=C.UTF-8 >/etc/default/locale
rm -f /etc/ssh/ssh_host_*
: >/etc/machine-id

# systemd-sysctl would set the kernel of the machine outside; the rest has no hardware or no permission here.
systemctl --quiet mask systemd-sysctl.service systemd-modules-load.service systemd-udevd.service \
    systemd-udev-trigger.service systemd-remount-fs.service systemd-logind.service getty@tty1.service console-getty.service \
    sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount \
    dev-hugepages.mount dev-mqueue.mount e2scrub_reap.service e2scrub_all.timer fstrim.timer apt-daily.timer apt-daily-upgrade.timer \
    dpkg-db-backup.timer logrotate.timer
systemctl --quiet enable lab-hostkeys.service
systemctl --quiet disable fail2ban.service docker.service docker.socket containerd.service
INSIDE
