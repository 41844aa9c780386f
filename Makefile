# wampd: the broker, its tools and their tests.
#
#	make			build everything into bin/
#	make run		install what is missing, build, start the
#				broker, with ARGS=
#	make check		install what is missing, build, run every test
#	make lint		style, layers, circles, static analysis, two
#				compilers
#	make bench		measure, each row beside its budget
#	make fuzz		fuzz each target for TIME seconds; T=wampd_ws:
#				only that one
#	make fuzz-merge		keep only those inputs that reach new code; T=
#	make fuzz-smoke		all targets, a minute in all
#	make memcheck		the unit tests under valgrind
#	make cost		what an event and a handshake cost, counted
#	make soak MINUTES=60	run the broker under load, disturb it, and see
#				whether it stays as it was
#	make unit		the unit tests alone
#	make install		DESTDIR= and PREFIX= as usual; and uninstall
#	make dist		build/wampd-VERSION.tar.gz, of what is committed
#	make deb		Debian packages of that, in build/deb/
#	make check-deb		try these in a clean root; root's, takes minutes
#	make check-roots	run, check and deb where nothing is installed,
#				in each Debian; root's, takes half an hour
#
# V= chooses a variant; each has its own folder, so that they live side by
# side: rel (default), dev, asan, tsan, cov, fuzz.  CC=clang has its own
# folders too.  WERROR= keeps warnings harmless, Q= shows the commands.

V	= rel
PREFIX	= /usr/local
WERROR	= -Werror
Q	= @
TIME	= 20

ifeq ($(origin CC),default)
CC	= gcc
endif
B	= build/$(V)$(if $(filter-out gcc,$(CC)),-$(CC))

# libFuzzer comes with no other compiler.
ifeq ($(V),fuzz)
override CC = clang
B	= build/fuzz
endif

# What a shell reads as one word, whatever is in it.
quote	= '$(subst ','\'',$1)'
quote_all = $(foreach word,$1,'$(word)')

# ---- flags ----

# As Debian hardens its packages, or more; tests/cli/hardened.bats looks at the
# programs.  In rel only: the sanitizers intercept the functions that are
# fortified.  How jumps are protected depends on the machine.
HARDENED_x86_64	= -fcf-protection
HARDENED_aarch64 = -mbranch-protection=standard
MACHINE	= $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
HARDENED = $(eval HARDENED := $(HARDENED_$(MACHINE)))$(HARDENED)
CFLAGS_rel	= -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 \
		  -fstack-protector-strong -fstack-clash-protection \
		  $(HARDENED) -fPIE
LDFLAGS_rel	= -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
CFLAGS_dev	= -O0 -g
CFLAGS_asan	= -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
		  -fno-sanitize-recover=all
LDFLAGS_asan	= -fsanitize=address,undefined
CFLAGS_tsan	= -O1 -g -fsanitize=thread
LDFLAGS_tsan	= -fsanitize=thread
CFLAGS_cov	= -O0 -g --coverage -DUNCONFINED
LDFLAGS_cov	= --coverage
CFLAGS_fuzz	= -O1 -g -fno-omit-frame-pointer \
		  -fsanitize=fuzzer-no-link,address,undefined \
		  -fno-sanitize-recover=all
LDFLAGS_fuzz	= -fsanitize=address,undefined

ifndef CFLAGS_$(V)
$(error V=$(V): not one of rel dev asan tsan cov fuzz)
endif

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	   -Wmissing-prototypes -Wconversion -Wno-sign-conversion \
	   -Wcast-qual -Wwrite-strings -Wformat=2 -Wvla $(WERROR)

# With instrumented code gcc sees paths that are not there; rel has the check.
ifeq ($(CC)-$(filter asan tsan,$(V)),gcc-$(V))
WARNINGS += -Wno-maybe-uninitialized
endif

# The tools load libwebsockets when they need it, by the name that a program
# linked against the same library would record.  Looked up once.
LWS_SONAME = $(eval LWS_SONAME := $(shell readelf -d \
	     "$$($(CC) $(LDFLAGS) -print-file-name=libwebsockets.so)" \
	     2>/dev/null | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p'))$(LWS_SONAME)

# What clang-tidy and the check of the headers need as well.
LANGUAGE = -std=c11 -D_GNU_SOURCE -DLWS_SONAME=$(LWS_SONAME) \
	   -Ilib -Isrc -Itests/unit

COMPILE	= $(CC) $(LANGUAGE) $(WARNINGS) $(CFLAGS_$(V)) $(CPPFLAGS) $(CFLAGS)

# Each program records only the libraries that it calls, so that a tool starts
# without loading the broker's.
LINK	= $(CC) $(CFLAGS_$(V)) $(CFLAGS) $(LDFLAGS_$(V)) -Wl,--as-needed \
	  $(LDFLAGS)
LIBS	= -lwebsockets -lssl -lcrypto -luv -lz -lpcre2-8 -lsodium -lncursesw \
	  -ltinfo -lm -ldl

# ---- files: found, never listed ----

LIB_SRC		= $(wildcard lib/*/*.c)
WAMPD_SRC	= $(wildcard src/wampd/*.c src/wampd/*/*.c)
TOOL_SRC	= $(wildcard src/wamp-*.c)
TOOL_NAMES	= $(patsubst src/%.c,%,$(TOOL_SRC))
TOOL_PARTS_SRC	= $(wildcard $(TOOL_NAMES:wamp-%=src/%/*.c))
UNIT_SRC	= $(wildcard tests/unit/t_*.c)
UNIT_HELP_SRC	= $(filter-out $(UNIT_SRC),$(wildcard tests/unit/*.c))
FUZZ_SRC	= $(wildcard tests/fuzz/fuzz_*.c)
BENCH_SRC	= $(wildcard tests/bench/bench_*.c)
HEADERS		= $(wildcard lib/*/*.h src/*/*.h src/*/*/*.h tests/*/*.h)
ALL_SRC		= $(LIB_SRC) $(WAMPD_SRC) $(TOOL_SRC) $(TOOL_PARTS_SRC) \
		  $(UNIT_SRC) $(UNIT_HELP_SRC) $(FUZZ_SRC) $(BENCH_SRC) \
		  tests/fuzz/replay.c

objects		= $(patsubst %.c,$(B)/%.o,$(1))
MAIN_SRC	= $(wildcard src/wampd/main.c)
NAMES		= $(MAIN_SRC:src/wampd/main.c=wampd) $(TOOL_NAMES)
PROGRAMS	= $(NAMES:%=$(B)/bin/%)
UNIT_TESTS	= $(patsubst %.c,$(B)/%,$(UNIT_SRC))
FUZZ_TESTS	= $(patsubst %.c,$(B)/%,$(FUZZ_SRC))
BENCHES		= $(patsubst %.c,$(B)/%,$(BENCH_SRC))

# ---- building ----

.PHONY: all programs fuzzers tests run check memcheck cost coverage bench fuzz
.PHONY: fuzz-merge fuzz-smoke soak
.PHONY: lint tidy circles
.PHONY: install uninstall dist deb check-deb check-roots clean deps unit FORCE
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:

all: programs

programs: $(PROGRAMS)
tests: programs fuzzers $(UNIT_TESTS) $(BENCHES)
fuzzers: $(FUZZ_TESTS)

# The default variant is what people type, hence bin/.
BIN	= $(B)/bin
ifeq ($(B),build/rel)
BIN	= bin
programs: $(NAMES:%=bin/%)
endif

bin/%: $(B)/bin/%
	$(Q)ln -sf ../$< $@

# Rewritten only when a flag changed; all objects depend on it.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(COMPILE) $(LINK)' | cmp -s - $@ || \
	    echo '$(COMPILE) $(LINK)' >$@

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	@echo compile $<
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

# Made anew each time: ar would keep members whose source is gone.
$(B)/%.a:
	@rm -f $@
	$(Q)ar rcs $@ $^

$(B)/libwamp.a: $(call objects,$(LIB_SRC))
$(B)/libwampd.a: $(call objects,$(filter-out $(MAIN_SRC),$(WAMPD_SRC)))
$(B)/libtest.a: $(call objects,$(UNIT_HELP_SRC))

# Objects before archives, whatever order the rules below collect them in.
define LINK_ALL
	@mkdir -p $(@D)
	@echo link $@
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)
endef

$(B)/bin/wampd: $(B)/src/wampd/main.o $(B)/libwampd.a $(B)/libwamp.a
	$(LINK_ALL)

# A tool is one file; one that needs more has them in a folder of its name.
.SECONDEXPANSION:
$(B)/bin/wamp-%: $(B)/src/wamp-%.o $(B)/libwamp.a \
    $$(call objects,$$(wildcard src/$$*/*.c))
	$(LINK_ALL)

# Tests of the library link without the broker: one more proof of the layers.
$(B)/tests/unit/t_wampd_%: $(B)/tests/unit/t_wampd_%.o $(B)/libtest.a \
    $(B)/libwampd.a $(B)/libwamp.a
	$(LINK_ALL)

# What the core needs of the other folders is handed in: its own tests link its
# objects alone.
CORE	= $(call objects,$(wildcard src/wampd/core/*.c))
$(B)/tests/unit/t_core_%: $(B)/tests/unit/t_core_%.o $(CORE) $(B)/libtest.a \
    $(B)/libwamp.a
	$(LINK_ALL)

# The parts of a tool, without its command line.
$(B)/tests/unit/t_tool_%: $(B)/tests/unit/t_tool_%.o \
    $$(call objects,$$(wildcard src/$$*/*.c)) $(B)/libtest.a $(B)/libwamp.a
	$(LINK_ALL)

$(B)/tests/unit/t_%: $(B)/tests/unit/t_%.o $(B)/libtest.a $(B)/libwamp.a
	$(LINK_ALL)

# A fuzz target outside V=fuzz replays its corpus and prints TAP.
ifeq ($(V),fuzz)
$(FUZZ_TESTS): LDFLAGS_fuzz += -fsanitize=fuzzer
else
$(FUZZ_TESTS): $(B)/tests/fuzz/replay.o
endif

$(B)/tests/fuzz/fuzz_wampd_%: $(B)/tests/fuzz/fuzz_wampd_%.o $(B)/libtest.a \
    $(B)/libwampd.a $(B)/libwamp.a
	$(LINK_ALL)

$(B)/tests/fuzz/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(B)/libtest.a \
    $(B)/libwamp.a
	$(LINK_ALL)

$(B)/tests/bench/bench_wampd_%: $(B)/tests/bench/bench_wampd_%.o \
    $(B)/libtest.a $(B)/libwampd.a $(B)/libwamp.a
	$(LINK_ALL)

$(B)/tests/bench/bench_%: $(B)/tests/bench/bench_%.o $(B)/libwamp.a
	$(LINK_ALL)

-include $(patsubst %.c,$(B)/%.d,$(ALL_SRC))

# ---- using and testing ----
#
# These install what they need first, hence the second make: the first one may
# have started without a compiler.

SUBMAKE	= $(MAKE) --no-print-directory \
	  $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

deps:
	@tests/deps build check lint fuzz memcheck

# Options of the broker, for instance -r examples/websocket_routing.yml.
ARGS	=

# Interrupted, make waits for its children, and says "wait: No child processes"
# if it has just seen the last one end.  So the shell ends only when the
# interrupt is not pending for make any more.
run:
	@tests/deps build run
	@$(SUBMAKE) programs
	@echo 'The broker starts; Ctrl-C ends it.  In a second terminal, here:'
	@echo '    $(BIN)/wamp-sub shop/orders'
	@echo 'and in a third:'
	@echo '    $(BIN)/wamp-pub shop/orders 7'
	@echo '    $(BIN)/wamp-call wampd.topics'
	@(trap - INT; exec $(BIN)/wampd $(ARGS)) <&0 & \
	trap : INT; trap 'kill $$!' TERM HUP; \
	while wait $$!; status=$$?; kill -0 $$! 2>/dev/null; do :; done; \
	while grep -q '^S.*Pnd:.*[2367abef]$$' /proc/$$PPID/status; do :; \
	done; exit $$status

# The longest first, so that the others run beside it.
CHECKS	= $(wildcard tests/wire/run) $(wildcard tests/cli/*.bats) \
	  $(UNIT_TESTS) $(FUZZ_TESTS)
# Written by npm ci, which the lock file makes repeatable.
MODULES	= tests/wire/node_modules/.package-lock.json

check:
	@tests/deps build check
	@$(SUBMAKE) tests $(MODULES)
	@WAMP_BIN=$(call quote,$(CURDIR)/$(BIN)) tests/run $(CHECKS)

unit: $(UNIT_TESTS)
	@tests/run $^

$(MODULES): tests/wire/package-lock.json
	cd tests/wire && npm ci --no-audit --no-fund
	@touch $@

MEMCHECK = valgrind -q --error-exitcode=99 --leak-check=full \
	   --errors-for-leak-kinds=definite,possible \
	   --child-silent-after-fork=yes \
	   --suppressions=tests/valgrind.supp

memcheck:
	@tests/deps build memcheck
	@$(SUBMAKE) $(UNIT_TESTS)
	@tests/run -w '$(MEMCHECK)' $(UNIT_TESTS)

# Counts of an optimised build: the variant is rel.
cost:
	@tests/deps build check memcheck
	@$(SUBMAKE) programs $(BENCHES)
	@WAMP_BENCH=$(call quote,$(CURDIR)/$(B)/tests/bench) \
	    WAMP_BIN=$(call quote,$(CURDIR)/$(B)/bin) \
	    tests/run tests/cost.bats

# Worst first.
coverage:
	@$(SUBMAKE) V=cov check
	@find build/cov -name '*.gcda' | xargs gcov -n 2>/dev/null | \
	    awk -F"'" '/^File/ { file = $$2 } \
		/^Lines/ && file ~ /^(lib|src).*c$$/ { \
			sub(/^[^:]*:/, ""); print $$0, file; file = "" }' | \
	    sort -n

# Of the variant V: asan finds more, and has no flat memory.
MINUTES	= 3

soak:
	@tests/deps build check
	@$(SUBMAKE) programs
	@WAMP_BIN=$(call quote,$(CURDIR)/$(B)/bin) \
	    node tests/soak/soak.mjs '$(MINUTES)'

bench:
	@tests/deps build
	@$(SUBMAKE) programs $(BENCHES)
	@BUILD=$(call quote,$(CURDIR)/$(B)) tests/bench/budget
	@set -e; for bench in $(BENCHES); do $$bench; done

# T=NAME for one target; TARGETS are those that are meant.
T	=
TARGETS	= $(if $T,$T,$(FUZZ_SRC:tests/fuzz/fuzz_%.c=%))
FUZZ	= tests/fuzz/fuzz $(call quote,$(CURDIR)/build/fuzz)

fuzz fuzz-merge fuzz-smoke:
	@tests/deps build fuzz
	@$(SUBMAKE) V=fuzz $(TARGETS:%=build/fuzz/tests/fuzz/fuzz_%)
	@$(FUZZ) $(@:fuzz-%=%) $(TIME) $(TARGETS)

lint:
	@tests/deps build lint
	@$(SUBMAKE) V=rel CC=gcc WERROR=-Werror tests
	@$(SUBMAKE) V=dev CC=clang WERROR=-Werror tests
	@$(SUBMAKE) V=rel CC=gcc circles tidy
	@CC='$(CC)' CFLAGS='$(LANGUAGE) $(WARNINGS)' tests/lint

circles: $(call objects,$(LIB_SRC) $(WAMPD_SRC) $(TOOL_SRC) $(TOOL_PARTS_SRC))
	@echo lint circles
	$(Q)tests/circles $(B) $^

# An object is made anew when one of its headers changes: so is the verdict.
tidy: $(patsubst %.c,$(B)/%.tidy,$(ALL_SRC))

$(B)/%.tidy: %.c $(B)/%.o .clang-tidy
	@echo tidy $<
	$(Q)said=$$(clang-tidy --quiet $< -- $(LANGUAGE) 2>&1) || \
	    { echo "$$said"; exit 1; }
	@touch $@

# ---- installing ----
#
# The folders are GNU's; each can be given.  No program knows any of them, so
# that what is installed can be moved.

BINDIR	= $(PREFIX)/bin
LIBDIR	= $(PREFIX)/lib
INCLUDEDIR = $(PREFIX)/include
DATADIR	= $(PREFIX)/share
MANDIR	= $(DATADIR)/man
DOCDIR	= $(DATADIR)/doc/wampd
SYSCONFDIR = $(if $(filter /usr,$(PREFIX)),/etc,$(PREFIX)/etc)
CONFIGDIR = $(SYSCONFDIR)/wampd
UNITDIR	= $(PREFIX)/lib/systemd/system
SYSUSERSDIR = $(PREFIX)/lib/sysusers.d
BASHDIR	= $(DATADIR)/bash-completion/completions
ZSHDIR	= $(DATADIR)/zsh/site-functions
FISHDIR	= $(DATADIR)/fish/vendor_completions.d
SCHEMADIR = $(DATADIR)/wampd

VERSION	= $(shell awk '$$2 == "WAMP_VERSION" { gsub(/"/, "", $$3); \
	    print $$3 }' lib/base/version.h)

# What a program may include that embeds the library; see libwamp(3).
PUBLIC_HEADERS = client/client.h client/publisher.h \
		 proto/json.h proto/wamp.h proto/wamp1.h \
		 route/diag.h route/generate.h route/param.h route/table.h \
		 base/buf.h base/err.h base/exit.h base/opt.h \
		 base/opt_list.h base/slice.h base/utf8.h base/version.h
MANUALS	= $(wildcard man/*.[1-8])
DOCUMENTS = LICENSE $(wildcard README.md) $(shell find examples -type f)

# For editors: the programs tell what their files may say.
SCHEMAS	= $(B)/share/wampd.schema.json $(B)/share/websocket_routing.schema.json

$(B)/share/wampd.schema.json: $(B)/bin/wampd
	@mkdir -p $(@D)
	$(Q)$< --schema >$@

$(B)/share/websocket_routing.schema.json: $(B)/bin/wamp-routes
	@mkdir -p $(@D)
	$(Q)$< --schema >$@

# FROM:TO, in which the shell puts in the folders, as they may contain blanks.
# bash and fish look a completion up by the command's name.
COPIED	= $(foreach n,$(NAMES),$(B)/bin/$n:$$BINDIR/$n) \
	  $(B)/libwamp.a:$$LIBDIR/libwamp.a \
	  $(foreach h,$(PUBLIC_HEADERS),lib/$h:$$INCLUDEDIR/wamp/$h) \
	  $(foreach m,$(MANUALS),$m:$$MANDIR/man$(subst .,,$(suffix \
	      $m))/$(notdir $m)) \
	  $(NAMES:%=completions/wamp.bash:$$BASHDIR/%) \
	  $(NAMES:%=completions/wamp.fish:$$FISHDIR/%.fish) \
	  completions/_wamp:$$ZSHDIR/_wamp \
	  $(foreach s,$(SCHEMAS),$s:$$SCHEMADIR/$(notdir $s)) \
	  examples/systemd/sysusers.conf:$$SYSUSERSDIR/wampd.conf \
	  $(foreach d,$(DOCUMENTS),$d:$$DOCDIR/$d)

# These name folders; EDIT puts in those that are in force.
EDITED	= lib/wamp.pc.in:$$LIBDIR/pkgconfig/wamp.pc \
	  examples/systemd/wampd.service:$$UNITDIR/wampd.service \
	  examples/systemd/wampd@.service:$$UNITDIR/wampd@.service
EDIT	= sed -e $(call quote,$(EDITS))
EDITS	= s,@VERSION@,$(VERSION),; s,@PREFIX@,$(call pc_path,$(PREFIX)),; \
	  s,@LIBDIR@,$(call in_prefix,$(LIBDIR)),; \
	  s,@INCLUDEDIR@,$(call in_prefix,$(INCLUDEDIR)),; \
	  s,/usr/bin/,$(call unit_path,$(BINDIR))/,; \
	  s,/etc/wampd,$(call unit_path,$(CONFIGDIR)),

# How sed writes a path as pkg-config and systemd read it.
BLANK	:= $(subst ,, )
pc_path	= $(subst $(BLANK),\\ ,$1)
unit_path = $(subst $(BLANK),\\x20,$1)
in_prefix = $(call pc_path,$(subst ^,,$(subst ^$(PREFIX)/,$${prefix}/,^$1)))

# The administrator's, once they are there.
CONFIG	= examples/systemd/wampd.yml:$$CONFIGDIR/wampd.yml \
	  examples/websocket_routing.yml:$$CONFIGDIR/websocket_routing.yml

# What install made, for uninstall to take away exactly that, last things
# first: a line is a file's sum when it may be changed, or "-", and its path; a
# folder ends in a slash.
MANIFEST = $(DOCDIR)/manifest

FOLDERS	= BINDIR LIBDIR INCLUDEDIR MANDIR DOCDIR CONFIGDIR UNITDIR \
	  SYSUSERSDIR BASHDIR ZSHDIR FISHDIR SCHEMADIR MANIFEST
SET_FOLDERS = root=$(call quote,$(DESTDIR)); \
	      $(foreach f,$(FOLDERS),$f=$(call quote,$($f));)

# A package is made where all that it needs is there already.
install:
	@[ -n $(call quote,$(DESTDIR)) ] || tests/deps build
	@$(SUBMAKE) programs $(B)/libwamp.a $(SCHEMAS)
	@set -eu; umask 022; $(SET_FOLDERS) \
	made=$$(mktemp); trap 'rm -f "$$made"' EXIT; \
	folder() { \
		[ -d "$$root$$1" ] || { \
			folder "$$(dirname "$$1")"; mkdir "$$root$$1"; \
			echo "- $$1/" >>"$$made"; \
		}; \
	}; \
	put() { \
		echo "install $$root$$3"; folder "$$(dirname "$$3")"; \
		install -m "$$1" "$$2" "$$root$$3"; \
	}; \
	mkdir -p "$$root/"; \
	for pair in $(call quote_all,$(COPIED)); do \
		eval "to=\"$${pair#*:}\""; \
		mode=644; [ ! -x "$${pair%%:*}" ] || mode=755; \
		put $$mode "$${pair%%:*}" "$$to"; \
		echo "- $$to" >>"$$made"; \
	done; \
	for pair in $(call quote_all,$(EDITED)); do \
		eval "to=\"$${pair#*:}\""; \
		$(EDIT) "$${pair%%:*}" | put 644 /dev/stdin "$$to"; \
		echo "- $$to" >>"$$made"; \
	done; \
	for pair in $(call quote_all,$(CONFIG)); do \
		eval "to=\"$${pair#*:}\""; \
		[ ! -e "$$root$$to" ] || continue; \
		put 644 "$${pair%%:*}" "$$to"; \
		sum=$$(sha256sum <"$${pair%%:*}"); \
		echo "$${sum%% *} $$to" >>"$$made"; \
	done; \
	echo "- $$MANIFEST" >>"$$made"; touch "$$root$$MANIFEST"; \
	grep -vxF -f "$$root$$MANIFEST" "$$made" >>"$$root$$MANIFEST" || :; \
	[ -n "$$root" ] || printf '%s\n' 'To run it as a service, as root:' \
	    "    systemd-sysusers '$$SYSUSERSDIR/wampd.conf'" \
	    "    systemctl enable --now '$$UNITDIR/wampd.service'" \
	    '    usermod -aG wamp NAME	# who may use the tools'

uninstall:
	@set -eu; $(SET_FOLDERS) \
	[ -e "$$root$$MANIFEST" ] || { \
		echo "uninstall: there is no $$root$$MANIFEST" >&2; exit 1; \
	}; \
	tac "$$root$$MANIFEST" | while read -r sum path; do \
		case $$path in \
		*/)	rmdir "$$root$$path" 2>/dev/null || : ;; \
		*)	[ "$$sum" = - ] || [ ! -e "$$root$$path" ] || \
			[ "$$(sha256sum <"$$root$$path")" = "$$sum  -" ] || { \
				echo "keep $$root$$path, which was changed"; \
				continue; \
			}; \
			rm -fv "$$root$$path" ;; \
		esac; \
	done

# ---- releasing ----

DIST	= wampd-$(VERSION)
DISTDIR	= build

# The same commit makes the same bytes, whoever does it when.
dist:
	@mkdir -p $(call quote,$(DISTDIR))
	git -c tar.umask=0022 archive --prefix=$(DIST)/ \
	    -o $(call quote,$(DISTDIR)/$(DIST).tar) HEAD
	gzip -9nf $(call quote,$(DISTDIR)/$(DIST).tar)

# What only packages in Debian's own archive have: an address, a bug.
LINTIAN_SUPPRESS = bogus-mail-host,bogus-mail-host-in-debian-changelog,$\
		   initial-upload-closes-no-bugs

# The packages' sources call their folder debian/; here it is hidden.  Without
# MAKEFLAGS: what was given to this make is not meant for theirs.
deb: DISTDIR = build
deb: dist
	@tests/deps build deb
	rm -rf build/deb
	mkdir -p build/deb
	cp build/$(DIST).tar.gz build/deb/wampd_$(VERSION).orig.tar.gz
	tar -C build/deb -xf build/$(DIST).tar.gz
	cp -r build/deb/$(DIST)/.debian build/deb/$(DIST)/debian
	cd build/deb/$(DIST) && env -u MAKEFLAGS dpkg-buildpackage -us -uc
	cd build/deb && lintian --fail-on error,warning \
	    --suppress-tags $(LINTIAN_SUPPRESS) wampd_*.changes

check-deb: deb
	@tests/deps roots
	@tests/deb/run build/deb
	@tests/deb/docker

# Suites of Debian or Ubuntu.
ROOTS	= bookworm trixie

check-roots:
	@tests/deps roots
	@env -u MAKEFLAGS tests/roots/run $(ROOTS)

clean:
	rm -rf build $(NAMES:%=bin/%)
