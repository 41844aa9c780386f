#!/usr/bin/env bats
# examples/oro/outdated: what pages show has changed.

load helper

setup() {
	test_begin
	OUTDATED=${BATS_TEST_DIRNAME%/tests/cli}/examples/oro/outdated
	export PATH=$OUTDATED:$PATH
	NOTICES_PID=
}

teardown() {
	[ -z "$NOTICES_PID" ] || notices_stop
	test_end
}

# It is a group of its own, as a terminal would make it.
notices_start() {
	setsid page-notices.sh "$OUTDATED/pages.json" 3>&- &
	NOTICES_PID=$!
	wait_until subscribed oro/data/update
}

notices_stop() {
	kill -- "-$NOTICES_PID"
	wait "$NOTICES_PID" || true
}

# tags: those of the event that sub_start has waited for.
tags() {
	sub_wait | jq -r '.[] | "\(.username | tojson) \(.tagname)"'
}

# outdated ARGUMENT...: run outdate.sh, and wait for its event.
outdated() {
	sub_start -C 1 oro/data/update
	outdate.sh "$@"
	run -0 tags
}

notice() {
	sub_wait | jq -c '.outdated, .by, .tags[]'
}

# notices TOPIC EVENT: publish an event of Oro, and wait for the notice of that
# page.
notices() {
	sub_start -C 1 "$1"
	wamp-pub oro/data/update "$2"
	run -0 notice
}

@test "both scripts say how they are used" {
	run -2 outdate.sh
	assert_output --partial 'usage: outdate.sh '
	run -2 outdate.sh -x
	assert_line --partial 'usage: outdate.sh '
	run -2 page-notices.sh
	assert_output --partial 'usage: page-notices.sh '
}

@test "outdate.sh names tags as Oro does" {
	broker_start
	outdated -u admin 'Oro\Bundle\UserBundle\Entity\User' 1
	assert_output '"admin" Oro_Bundle_UserBundle_Entity_User_1'
	# Digits are no letters; an identifier can have parts.
	outdated '\Acme\Shop2Bundle\Entity\Item' 4_en
	assert_output 'null Acme_Shop_Bundle_Entity_Item_4_en'
	outdated 'Proxies\__CG__\Acme\Order' 7 8 7
	assert_output $'null Acme_Order_7\nnull Acme_Order_8'
}

@test "outdate.sh names lists" {
	broker_start
	outdated 'Acme\Order'
	assert_output 'null Acme_Order_type_collection'
	outdated -c -u null 'Acme\Order' 7
	assert_line '"null" Acme_Order_7'
	assert_line '"null" Acme_Order_type_collection'
}

@test "page-notices.sh tells the pages that show it" {
	broker_start
	notices_start
	notices page/order/7 '[{"username":"ann",
	    "tagname":"Acme_ShopBundle_Entity_Order_7"},
	    {"username":null,"tagname":"Acme_ShopBundle_Entity_Order_7"},
	    {"username":"ann","tagname":"Acme_ShopBundle_Entity_Order_8"}]'
	assert_output 'true
[null,"ann"]
"Acme_ShopBundle_Entity_Order_7"'
	notices page/users '[{"username":"bob",
	    "tagname":"Oro_Bundle_UserBundle_Entity_User_type_collection"}]'
	assert_output 'true
["bob"]
"Oro_Bundle_UserBundle_Entity_User_type_collection"'
}

@test "page-notices.sh goes on after an event that it does not understand" {
	local event

	broker_start
	notices_start
	for event in null 1 '"["' '{}' '[[]]' '[{"tagname":1}]' '[{}]'; do
		wamp-pub oro/data/update "$event"
	done
	event='[{"username":"ann",
	    "tagname":"Oro_Bundle_UserBundle_Entity_User_1"}]'
	notices page/user/1 "$(jq --arg event "$event" -n '$event')"
	assert_output 'true
["ann"]
"Oro_Bundle_UserBundle_Entity_User_1"'
}

@test "page-notices.sh refuses rules that are none" {
	local rules

	for rules in '' '[' '{}' '[{"tag":"a"}]' '[{"tag":"(","page":"p"}]'; do
		echo "$rules" >"$BATS_TEST_TMPDIR/rules"
		run -1 page-notices.sh "$BATS_TEST_TMPDIR/rules"
		assert_line --partial 'not a list of rules'
	done
}

@test "the routes of pages work as the text says" {
	local text=$OUTDATED/README.md

	cd "$BATS_TEST_TMPDIR"
	sed -n '/^    site.page:/,$s/^    //p' "$text" >pages.yml
	echo 'routes: [pages.yml]' >wampd.yml
	# shellcheck disable=SC2016	# marks of the text
	sed -n 's/.*`\(site.page: {.*}\)`.*/handlers: { \1 }/p' "$text" |
	    sed 's/authenticated/anyone/' >>wampd.yml
	broker_start -c wampd.yml --strict
	sub_start -C 1 page/order/7
	wamp-pub page/order/7 '{"outdated":true}'
	run -0 sub_wait
	assert_output '{"outdated":true}'
}
