#!/usr/bin/env bats
# What the broker's core may cost, counted under valgrind: instructions and
# allocations of an event, whatever else the machine is doing.  "make cost"
# builds what this runs, optimised.
#
# A ceiling is what was counted when it was set, and a fifth more: compilers
# and libraries differ a little.  A change that needs more says why, here.

CORE=${WAMP_BENCH:-build/rel/tests/bench}/bench_wampd_core

# instructions LOAD...: of a whole run.
instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null \
	    "$CORE" "$@" 2>&1 | awk '/Collected/ { print $NF }'
}

allocations() {
	valgrind --tool=memcheck --leak-check=no "$CORE" "$@" 2>&1 |
	    awk '/total heap usage/ { gsub(",", ""); print $5 }'
}

# per_event COUNT [-b] SUBSCRIBERS TOPICS PUBLISHERS EVENTS: what an event
# costs, by the difference between so many events and twice as many.
per_event() {
	local count=$1 events=${*: -1} once twice
	local load=("${@:2:$#-2}")

	once=$("$count" "${load[@]}" "$events")
	twice=$("$count" "${load[@]}" "$((2 * events))")
	echo "$(((twice - once) / events))"
}

# at_most WHAT COUNTED CEILING
at_most() {
	echo "# $1: $2 of $3" >&3
	[ "$2" -gt 0 ]
	[ "$2" -le "$3" ]
}

# flat WHAT COUNTED BEFORE: within 30 percent.
flat() {
	at_most "$1" "$2" "$(($3 * 13 / 10))"
}

@test "an event for one subscriber" {
	at_most 'instructions' "$(per_event instructions 1 1 1 2000)" 2700
}

@test "a delivery, in a burst and by itself" {
	at_most 'instructions in a burst' \
	    "$(($(per_event instructions -b 100 1 1 500) / 100))" 162
	at_most 'instructions by itself' \
	    "$(($(per_event instructions 100 1 1 100) / 100))" 220
}

@test "a delivery costs the same with 100 and with 10000 subscribers" {
	local few many

	few=$(per_event instructions 100 1 1 100)
	many=$(per_event instructions 10000 1 1 4)
	flat 'instructions' "$((many / 10000))" "$((few / 100))"
}

@test "an event costs the same with 1 and with 10000 topics" {
	flat 'instructions' "$(per_event instructions 1 10000 1 10000)" \
	    "$(per_event instructions 1 1 1 2000)"
}

@test "an event costs the same with 1 and with 1000 publishers" {
	flat 'instructions' "$(per_event instructions 10 1 1000 1000)" \
	    "$(per_event instructions 10 1 1 1000)"
}

@test "an event is one allocation, its frame" {
	[ "$(per_event allocations 1 1 1 500)" -eq 1 ]
	[ "$(per_event allocations 100 1 1 500)" -eq 1 ]
	[ "$(per_event allocations -b 100 1 1 500)" -eq 1 ]
}
