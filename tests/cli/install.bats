# make install, uninstall and dist, and what others build upon it.

load helper

# Install the programs under test once, and use that in each test.
setup_file()
{
	local root=${BATS_TEST_DIRNAME%/tests/cli}

	BIN=${WAMP_BIN:-$root/bin}
	export PREFIX=$BATS_FILE_TMPDIR/prefix
	make_here install "PREFIX=$PREFIX" >"$BATS_FILE_TMPDIR/install.log"
}

setup()
{
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
}

teardown()
{
	test_end
}

# make_here ARGUMENT...: make in the tree of the programs under test, for their
# variant.
make_here()
{
	make_command
	"${MAKE_COMMAND[@]}" "$@"
}

make_command()
{
	local root=${BATS_TEST_DIRNAME%/tests/cli} variant=rel cc=gcc

	if [[ $BIN =~ /build/([a-z]+)(-([^/]+))?/bin$ ]]; then
		variant=${BASH_REMATCH[1]}
		cc=${BASH_REMATCH[3]:-gcc}
	fi
	MAKE_COMMAND=(make --no-print-directory -C "$root" "V=$variant"
	    "CC=$cc")
}

# tree FOLDER: all that is in it.
tree()
{
	(cd "$1" && find . -printf '%M %p\n' | sort -k 2 &&
	    find . -type f -exec sha256sum {} + | sort -k 2)
}

@test "install compiles nothing that make has compiled" {
	run -1 grep -E '^(compile|link) ' "$BATS_FILE_TMPDIR/install.log"
}

@test "uninstall takes away what install made, and nothing else" {
	local to=$BATS_TEST_TMPDIR/to

	# A system has some of the folders already, with and without files.
	mkdir -p "$to"/usr/local/{bin,etc,share/man/man1}
	echo mine >"$to/usr/local/bin/mine"
	tree "$to" >before
	make_here install "DESTDIR=$to" >/dev/null
	[ -x "$to/usr/local/bin/wampd" ]
	make_here uninstall "DESTDIR=$to"
	tree "$to" >after
	diff before after
}

@test "installing twice changes nothing, and is undone at once" {
	local to="$BATS_TEST_TMPDIR/a folder"

	make_here install "DESTDIR=$to" >/dev/null
	tree "$to" >once
	make_here install "DESTDIR=$to" >/dev/null
	tree "$to" >twice
	diff once twice
	make_here uninstall "DESTDIR=$to"
	assert_equal "$(find "$to")" "$to"
}

@test "a PREFIX may contain blanks, wherever it is written" {
	local prefix="$BATS_TEST_TMPDIR/a long  prefix" unit

	make_here install "PREFIX=$prefix" >/dev/null
	"$prefix/bin/wampd" -V
	PREFIX=$prefix run -0 pkgconf --cflags
	eval "set -- $output"
	[ -e "${1#-I}/base/version.h" ]
	PREFIX=$prefix run -0 pkgconf --libs
	eval "set -- $output"
	[ -e "${1#-L}/libwamp.a" ]
	for unit in "$prefix"/lib/systemd/system/wampd{,@}.service; do
		type -P systemd-analyze || continue
		run -0 systemd-analyze verify --man=no "$unit"
		assert_output ''
	done
	make_here uninstall "PREFIX=$prefix"
	[ ! -e "$prefix" ]
}

@test "uninstall says when there is nothing of ours" {
	run -2 make_here uninstall "DESTDIR=$PWD"
	assert_line "uninstall: there is no $PWD/usr/local/share/doc/wampd/\
manifest"
}

@test "a configuration that was changed is neither replaced nor removed" {
	local to=$BATS_TEST_TMPDIR/to

	make_here install "DESTDIR=$to" PREFIX=/usr >/dev/null
	echo '# mine' >>"$to/etc/wampd/wampd.yml"
	make_here install "DESTDIR=$to" PREFIX=/usr >/dev/null
	run -0 make_here uninstall "DESTDIR=$to" PREFIX=/usr
	assert_line "keep $to/etc/wampd/wampd.yml, which was changed"
	run -0 find "$to" -type f
	assert_output "$to/etc/wampd/wampd.yml"
	run -0 tail -n 1 "$to/etc/wampd/wampd.yml"
	assert_output '# mine'
}

@test "each program is installed with its manual and its completions" {
	local program

	for program in "$BIN"/*; do
		program=${program##*/}
		echo "$program"
		[ -x "$PREFIX/bin/$program" ]
		ls "$PREFIX"/share/man/man[18]/"$program".[18]
		[ -s "$PREFIX/share/bash-completion/completions/$program" ]
		[ -s "$PREFIX/share/fish/vendor_completions.d/$program.fish" ]
		grep -qw -- "$program" "$PREFIX/share/zsh/site-functions/_wamp"
	done
}

@test "no program knows where it is installed: the tree can be moved" {
	run -1 grep -rlF "$PREFIX" "$PREFIX/bin" "$PREFIX/lib/libwamp.a"
	cp -r "$PREFIX" moved
	BIN=$PWD/moved/bin
	broker_start
	sub_start -C 1 news
	moved/bin/wamp-pub news 1
	run -0 sub_wait
	assert_output 1
}

@test "the installed configuration is one that the broker takes" {
	# The service manager makes the folders.
	sed "s,/var/lib/wampd,$PWD,; s,/run/wampd,$PWD," \
	    "$PREFIX/etc/wampd/wampd.yml" >wampd.yml
	run -0 "$PREFIX/bin/wampd" -t -c wampd.yml -l 127.0.0.1:0
	assert_output ''
	# With the routes that it offers, too.
	sed -i 's/^# routes:/routes:/' wampd.yml
	grep '^routes:' wampd.yml
	cp "$PREFIX/etc/wampd/websocket_routing.yml" .
	run -0 "$PREFIX/bin/wampd" -t -c wampd.yml -l 127.0.0.1:0
	assert_output ''
}

@test "install says how to make a service of it" {
	local unit=$PREFIX/lib/systemd/system/wampd.service

	run -0 tail -n 4 "$BATS_FILE_TMPDIR/install.log"
	assert_line "    systemd-sysusers '$PREFIX/lib/sysusers.d/wampd.conf'"
	assert_line "    systemctl enable --now '$unit'"
	[ -e "$unit" ]
	[ -e "$PREFIX/lib/sysusers.d/wampd.conf" ]
}

@test "the installed units are right, and leave the broker little to break" {
	local unit

	type -P systemd-analyze || skip 'systemd is not installed'
	for unit in "$PREFIX"/lib/systemd/system/wampd{,@}.service; do
		# It has an own opinion of folders that are temporary.
		run -0 systemd-analyze verify --man=no "$unit"
		assert_output ''
		systemd-analyze security --no-pager --offline=true \
		    --threshold=13 "$unit"
	done
}

# unit FILE: its settings, those of a line each that say whose they are apart.
unit()
{
	sed -n '/^\[Unit\]/,$ { /^Description=/d; /^Exec/d; /^    -S /d
		/^RuntimeDirectory=/d; /^StateDirectory=/d; p; }' "$1"
}

@test "a site of several is as confined as the only one" {
	local units=$PREFIX/lib/systemd/system

	diff <(unit "$units/wampd.service") <(unit "$units/wampd@.service")
}

# site_command NAME: what the unit of that site runs, with the folders that the
# system would have made for it.
site_command()
{
	sed -n '/^ExecStart=/,/[^\\]$/ { s/^ExecStart=//; s/\\$//; p; }' \
	    "$PREFIX/lib/systemd/system/wampd@.service" | tr -d '\n' |
	    sed "s,%i,$1,g; s,/run/,$PWD/run/,g; s,/var/lib/,$PWD/lib/,g
		s,$PREFIX/etc/,$PWD/etc/,g"
}

@test "several sites have sockets, states and addresses of their own" {
	local site command other
	local -a pids

	for site in shop blog; do
		mkdir -p "etc/wampd/$site" "run/wampd-$site" "lib/wampd/$site"
		cp "$PREFIX"/etc/wampd/*.yml "etc/wampd/$site"
		sed -i 's/^listen:.*/listen: ["127.0.0.1:0"]/' \
		    "etc/wampd/$site/wampd.yml"
		command=$(site_command "$site")
		read -ra command <<<"$command"
		"${command[@]}" --ports-file "$site.ports" 2>"$site.log" 3>&- &
		pids+=($!)
		wait_until test -e "$site.ports"
	done
	wamp-maint -S run/wampd-shop/control.sock on
	run -10 wamp-maint -S run/wampd-shop/control.sock status
	run -0 wamp-maint -S run/wampd-blog/control.sock status
	[ -e lib/wampd/shop/maintenance.json ]
	[ ! -e lib/wampd/blog/maintenance.json ]
	other=$(grep '^ws' shop.ports)
	run -1 grep -xF "$other" blog.ports
	kill "${pids[@]}"
	wait "${pids[@]}"
}

# ---- run ----

# run_start: make run in the background, until the broker listens.
run_start()
{
	make_command
	"${MAKE_COMMAND[@]}" run \
	    "ARGS=-q -l 127.0.0.1:0 --ports-file $PWD/ports" >said 2>&1 3>&- &
	MAKE_PID=$!
	wait_until test -e ports
}

# run_wait: until make has ended; RUN_STATUS says how.
run_wait()
{
	RUN_STATUS=0
	wait "$MAKE_PID" || RUN_STATUS=$?
}

# run_ended STATUS: it has ended so, and the broker with it.
run_ended()
{
	run -1 grep -F 'wait:' said
	assert_equal "$RUN_STATUS" "$1"
	wait_until test ! -e ports
}

# Where make is slow to take the signal, it finds both at once: that, and that
# the broker has ended.  So it runs when its processor has nothing else to do.
@test "make run ends by Ctrl-C, and make does not miss the end" {
	local busy cpu

	set -m		# a process group of its own, which gets the signal
	run_start
	cpu=$(taskset -pc $$ | sed 's/.*: //; s/[-,].*//')
	taskset -c "$cpu" bash -c 'while :; do :; done' 3>&- &
	busy=$!
	taskset -pc "$cpu" "$MAKE_PID"
	chrt --idle -p 0 "$MAKE_PID"
	kill -s INT -- "-$MAKE_PID"
	run_wait
	kill "$busy"
	run_ended 130
}

@test "make run ends the broker when make is told to end" {
	run_start
	kill "$MAKE_PID"
	run_wait
	run_ended 143
}

# ---- embedding ----

# pkgconf ARGUMENT...: what pkg-config says of the installed library.
pkgconf()
{
	PKG_CONFIG_PATH=$PREFIX/lib/pkgconfig pkg-config "$@" wamp
}

# What programs need besides to link with the library under test.
variant_flags()
{
	case $BIN in
	*/asan/bin) echo -fsanitize=address,undefined ;;
	*/tsan/bin) echo -fsanitize=thread ;;
	*/cov/bin) echo --coverage ;;
	esac
}

@test "pkg-config knows the version that the programs have" {
	run -0 "$PREFIX/bin/wampd" -V
	assert_output "wampd $(pkgconf --modversion)"
}

@test "pkg-config follows a tree that was moved" {
	cp -r "$PREFIX" moved
	PREFIX=moved run -0 pkgconf --define-prefix --cflags --libs
	assert_output --regexp '^-Imoved/include/wamp -Lmoved/lib -lwamp *$'
}

@test "each installed header can be included alone, in C and in C++" {
	local header
	local -a flags=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only)

	cd "$PREFIX/include/wamp"
	for header in */*.h; do
		echo "$header"
		echo "#include \"$header\"" >"$BATS_TEST_TMPDIR/alone.c"
		echo 'extern int unit;' >>"$BATS_TEST_TMPDIR/alone.c"
		gcc -std=c11 "${flags[@]}" -I. \
		    "$BATS_TEST_TMPDIR/alone.c"
		g++ -std=c++11 "${flags[@]}" -I. \
		    -x c++ "$BATS_TEST_TMPDIR/alone.c"
	done
}

# compile COMPILER SOURCE PROGRAM [OPTION]: with the installed library, the
# option being for pkg-config.
compile()
{
	local -a flags

	read -ra flags <<<"$(variant_flags) $(pkgconf "${@:4}" --cflags --libs)"
	"$1" -Wall -Wextra -Wpedantic -Werror -o "$3" "$2" "${flags[@]}"
}

@test "the example of a C program with a client inside works" {
	compile gcc "$PREFIX/share/doc/wampd/examples/embed/echo.c" echo
	broker_start
	run -0 ./echo news '{"n": 1}'
	assert_output '{"n": 1}'
	WAMP_URL=$WS_URL run -0 ./echo news '[2]'
	assert_output '[2]'
	broker_stop
	run -5 ./echo news 1
	assert_output --regexp '^echo: .*control.sock: '
}

@test "a C program with a client inside loads no library but libc" {
	compile gcc "$PREFIX/share/doc/wampd/examples/embed/echo.c" echo
	[ -z "$(variant_flags)" ] || skip 'a sanitizer has libraries of its own'
	run -0 readelf -d echo
	assert_equal "$(grep -c '(NEEDED)' <<<"$output")" 1
	assert_line --regexp 'NEEDED.*\[libc\.so\.6\]'
}

@test "a C++ program matches topics with the library" {
	cat >match.cc <<-'END'
		#include <cstdio>
		#include "route/table.h"

		int
		main(int argc, char **argv)
		{
			diags d = {};
			routes *r = routes_load(argv + 1, argc - 1, 0, &d);
			const route *found;

			diag_print(&d, stdout);
			found = routes_match(r, SLICE("oro/ping"), NULL);
			puts(found->name);
			routes_free(r);
			diag_clear(&d);
		}
	END
	compile g++ match.cc match --static
	run -0 ./match "$PREFIX/etc/wampd/websocket_routing.yml"
	assert_output oro_sync.ping
}

# ---- dist ----

# Of what is committed: without git there is nothing to make it of.
dist()
{
	git -C "$BATS_TEST_DIRNAME" rev-parse -q --verify HEAD ||
	    skip 'this is no git repository'
	make_here dist "DISTDIR=$1" >/dev/null
}

@test "dist makes the same bytes each time" {
	dist "$PWD/one"
	umask 077
	TZ=Asia/Tokyo dist "$PWD/two"
	diff -r one two
}

@test "dist is complete: it builds without git" {
	local version

	dist "$PWD/dist"
	[ -z "$(variant_flags)" ] || skip 'one variant is enough'
	version=$(pkgconf --modversion)
	tar -xf "dist/wampd-$version.tar.gz"
	env -u MAKEFLAGS PATH="${PATH#"$BIN:"}" make -s -j2 \
	    -C "wampd-$version" V=dev programs
	run -0 "wampd-$version/build/dev/bin/wampd" -V
	assert_output "wampd $version"
}

@test "the packages have the version that the programs have" {
	run -0 head -n 1 "${BATS_TEST_DIRNAME%/tests/cli}/.debian/changelog"
	assert_output --partial "wampd ($(pkgconf --modversion)-"
}

@test "each installed file is in one of the packages, and no more" {
	local pattern root=${BATS_TEST_DIRNAME%/tests/cli}

	make_here install "DESTDIR=$PWD/to" PREFIX=/usr LIBDIR=/usr/lib/host \
	    UNITDIR=/lib/systemd/system >/dev/null
	cat "$root"/.debian/{*.install,not-installed} >patterns
	echo lib/systemd/system >>patterns	# rules has it
	cd to
	find -- * -type f | sort >../installed
	while read -r pattern; do
		# shellcheck disable=SC2086	# it is a pattern
		find $pattern -type f
	done <../patterns | sort >../packed
	diff ../installed ../packed
}
