# wampd: the broker, its tools and their tests.
#
#	make			build everything into bin/
#	make run		install what is missing, build, start the broker
#	make check		install what is missing, build, run every test
#	make lint		style, layers, static analysis, two compilers
#	make fuzz		fuzz each target for FUZZ_TIME seconds
#	make memcheck		the unit tests under valgrind
#	make install		DESTDIR= and PREFIX= as usual
#
# V= chooses a variant; each has its own folder, so that they live side by
# side: rel (default), dev, asan, tsan, cov, fuzz.  CC=clang has its own
# folders too.  A release builder says WERROR= to keep warnings harmless.

V	= rel
PREFIX	= /usr/local
WERROR	= -Werror
FUZZ_TIME = 20

ifeq ($(origin CC),default)
CC	= gcc
endif
B	= build/$(V)$(if $(filter-out gcc,$(CC)),-$(CC))

# libFuzzer comes with no other compiler.
ifeq ($(V),fuzz)
override CC = clang
B	= build/fuzz
endif

# ---- flags ----

# Fortified in rel only: the sanitizers intercept the same functions.
CFLAGS_rel	= -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
LDFLAGS_rel	= -pie -Wl,-z,relro -Wl,-z,now
CFLAGS_dev	= -O0 -g
CFLAGS_asan	= -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
		  -fno-sanitize-recover=all
LDFLAGS_asan	= -fsanitize=address,undefined
CFLAGS_tsan	= -O1 -g -fsanitize=thread
LDFLAGS_tsan	= -fsanitize=thread
CFLAGS_cov	= -O0 -g --coverage
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

# What clang-tidy and the check of the headers need as well.
LANGUAGE = -std=c11 -D_GNU_SOURCE -Ilib -Isrc -Itests/unit

COMPILE	= $(CC) $(LANGUAGE) $(WARNINGS) $(CFLAGS_$(V)) $(CPPFLAGS) $(CFLAGS)

# Each program records only the libraries that it calls, so that a tool starts
# without loading the broker's.
LINK	= $(CC) $(CFLAGS_$(V)) $(CFLAGS) $(LDFLAGS_$(V)) -Wl,--as-needed \
	  $(LDFLAGS)
LIBS	= -lwebsockets -luv -lyaml -lpcre2-8 -lsodium -lm -ldl

# ---- files: found, never listed ----

LIB_SRC		= $(wildcard lib/*/*.c)
WAMPD_SRC	= $(wildcard src/wampd/*.c src/wampd/*/*.c)
TOOL_SRC	= $(wildcard src/wamp-*.c)
UNIT_SRC	= $(wildcard tests/unit/t_*.c)
UNIT_HELP_SRC	= $(filter-out $(UNIT_SRC),$(wildcard tests/unit/*.c))
FUZZ_SRC	= $(wildcard tests/fuzz/fuzz_*.c)
HEADERS		= $(wildcard lib/*/*.h src/*/*.h src/*/*/*.h tests/*/*.h)
ALL_SRC		= $(LIB_SRC) $(WAMPD_SRC) $(TOOL_SRC) $(UNIT_SRC) \
		  $(UNIT_HELP_SRC) $(FUZZ_SRC) tests/fuzz/replay.c

objects		= $(patsubst %.c,$(B)/%.o,$(1))
MAIN_SRC	= $(wildcard src/wampd/main.c)
NAMES		= $(MAIN_SRC:src/wampd/main.c=wampd) \
		  $(patsubst src/%.c,%,$(TOOL_SRC))
PROGRAMS	= $(NAMES:%=$(B)/bin/%)
UNIT_TESTS	= $(patsubst %.c,$(B)/%,$(UNIT_SRC))
FUZZ_TESTS	= $(patsubst %.c,$(B)/%,$(FUZZ_SRC))

# ---- building ----

.PHONY: all programs tests run check memcheck lint fuzz install uninstall
.PHONY: clean deps FORCE
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:

all: programs

programs: $(PROGRAMS)
tests: programs $(UNIT_TESTS) $(FUZZ_TESTS)

# The default variant is what people type, hence bin/.
ifeq ($(B),build/rel)
programs: $(NAMES:%=bin/%)
endif

bin/%: $(B)/bin/%
	ln -sf ../$< $@

# Rewritten only when a flag changed; all objects depend on it.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(COMPILE) $(LINK)' | cmp -s - $@ || \
	    echo '$(COMPILE) $(LINK)' >$@

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

# Made anew each time: ar would keep members whose source is gone.
$(B)/%.a:
	@rm -f $@
	ar rcs $@ $^

$(B)/libwamp.a: $(call objects,$(LIB_SRC))
$(B)/libwampd.a: $(call objects,$(filter-out $(MAIN_SRC),$(WAMPD_SRC)))
$(B)/libtest.a: $(call objects,$(UNIT_HELP_SRC))

# Objects before archives, whatever order the rules below collect them in.
LINK_ALL = @mkdir -p $(@D); echo link $@; \
	$(LINK) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)

$(B)/bin/wampd: $(B)/src/wampd/main.o $(B)/libwampd.a $(B)/libwamp.a
	$(LINK_ALL)

$(B)/bin/%: $(B)/src/%.o $(B)/libwamp.a
	$(LINK_ALL)

# Tests of the library link without the broker: one more proof of the layers.
$(B)/tests/unit/t_wampd_%: $(B)/tests/unit/t_wampd_%.o $(B)/libtest.a \
    $(B)/libwampd.a $(B)/libwamp.a
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

$(B)/tests/fuzz/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(B)/libtest.a $(B)/libwamp.a
	$(LINK_ALL)

-include $(patsubst %.c,$(B)/%.d,$(ALL_SRC))

clean:
	rm -rf build $(NAMES:%=bin/%)
