#!/bin/bash
# page-notices.sh RULES: tell single pages that their content is outdated.  It
# follows oro/data/update, and publishes on the topic of each page that shows
# what has changed, so a page needs to know its own topic only.
#
#	page-notices.sh pages.json
#
# RULES is a file of JSON, for instance pages.json: a list of rules.  "tag" is a
# regular expression for tags; "page" is a topic, into which {NAME} puts what
# the group NAME of the expression has matched.  A notice is an event such as
#
#	{"outdated": true, "by": ["admin"], "tags": ["Acme_Order_7"]}
#
# "by" has the users who changed it; null stands for a program.  A page ignores
# a notice in which nobody but its own user is named.
set -euo pipefail

if [ $# -ne 1 ]; then
	echo 'usage: page-notices.sh RULES' >&2
	exit 2
fi
# shellcheck disable=SC2016	# variables of jq
check='[inputs] | length == 1 and (.[0] | type == "array" and all(.[];
    (.page | type == "string") and (.tag as $tag | "" | test($tag) | true)))'
jq -en "$check" "$1" >/dev/null 2>&1 || {
	echo "page-notices.sh: $1: not a list of rules" >&2
	exit 1
}

# Up to version 2.6, Oro publishes the list as a string.
# shellcheck disable=SC2016	# variables of jq
wamp-sub --argjson rules "$(<"$1")" --jq '
	(if type == "string" then try fromjson catch null else . end) |
	[arrays | .[] | objects | select(.tagname | type == "string")] |
	[.[] as $one | $rules[] | .page as $page |
	    (.tag as $tag | $one.tagname | capture($tag)) as $found | {
		topic: ($page | gsub("\\{(?<name>\\w+)\\}";
		    $found[.name] // "")),
		by: $one.username, tag: $one.tagname
	    }] |
	group_by(.topic)[] | {topic: .[0].topic, event: {outdated: true,
	    by: (map(.by) | unique), tags: (map(.tag) | unique)}}' \
    oro/data/update |
    wamp-pub --topic-jq .topic --jq .event
