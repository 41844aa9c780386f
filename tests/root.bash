# root.bash: bare roots of Debian or Ubuntu, made with debootstrap, for the
# scripts in deb/ and roots/.  Whoever sources this is root, has a mount
# namespace of its own, and says where the cache is.

# root_lock CACHE: one script at a time uses it, with all that it starts; apt
# locks its archive, and README's broker has one port.
root_lock()
{
	[ -z "${WAMP_ROOT_LOCKED-}" ] || return 0
	mkdir -p "$1"
	exec {WAMP_ROOT_LOCKED}>"$1/lock"
	export WAMP_ROOT_LOCKED
	flock "$WAMP_ROOT_LOCKED"
}

# root_mirror FAMILY: where this machine gets the packages of Debian or Ubuntu,
# if its apt knows; no mirror is written down here.
root_mirror()
{
	# shellcheck disable=SC2016	# apt puts it in
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
	    "Origin: $1" "Label: $1" 2>/dev/null | head -n 1
}

# root_base CACHE SUITE: prints the folder of the bare root of that suite,
# which is made when it is not there yet.
root_base()
{
	local base=$1/base/$2 family=Debian mirror
	local -a options=(--variant=minbase)

	if [ ! -d "$base" ]; then
		if ! [ -e "/usr/share/debootstrap/scripts/$2" ]; then
			echo "debootstrap knows no $2" >&2
			return 1
		fi
		if grep -q ubuntu "/usr/share/debootstrap/scripts/$2"; then
			family=Ubuntu
			options+=('--components=main,universe')
		fi
		mirror=$(root_mirror "$family")
		case $mirror in
		https:*) options+=(--include=ca-certificates) ;;
		esac
		rm -rf "$base.new"
		mkdir -p "$base.new"
		# shellcheck disable=SC2086	# the mirror, or nothing
		debootstrap "${options[@]}" "$2" "$base.new" $mirror >&2 ||
		    return
		rm -f "$base.new"/var/cache/apt/archives/*.deb
		mv "$base.new" "$base"
	fi
	echo "$base"
}

# root_copy CACHE SUITE FOLDER: a root of its own, ready to be entered.  What
# apt downloads there is kept for the next one.
root_copy()
{
	local base packages=$1/packages/$2

	base=$(root_base "$1" "$2") || return
	mkdir -p "$packages/partial" "$3"
	cp -a --reflink=auto "$base/." "$3"
	mount -t proc proc "$3/proc"
	mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts \
	    "$3/dev/pts"
	mount --bind "$packages" "$3/var/cache/apt/archives"
	cp /etc/resolv.conf "$3/etc/resolv.conf"
	root_proxy >"$3/etc/apt/apt.conf.d/80proxy"
	# Nothing there has to survive a power failure.
	echo force-unsafe-io >"$3/etc/dpkg/dpkg.cfg.d/80unsafe-io"
	# As Debian's installer writes it.
	printf '%s\n' '127.0.0.1	localhost' '127.0.1.1	debian' '' \
	    '::1	localhost ip6-localhost ip6-loopback' \
	    'ff02::1	ip6-allnodes' 'ff02::2	ip6-allrouters' >"$3/etc/hosts"
	# No service is started, as in any root that is not a system's.
	printf '#!/bin/sh\nexit 101\n' >"$3/usr/sbin/policy-rc.d"
	chmod 755 "$3/usr/sbin/policy-rc.d"
}

# How this machine's apt gets through to its mirror.
root_proxy()
{
	apt-config dump | grep '^Acquire::[^:]*::Proxy ' || true
}

# Before a root's folder and a command: run it there, with an environment of
# its own.  A function would be a process in between, when in the background.
# shellcheck disable=SC2034	# used by who sources this
root_run=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
    DEBIAN_FRONTEND=noninteractive chroot)
