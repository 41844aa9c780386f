/*
 * version.h: the version of wampd and its tools, one for all.
 */
#pragma once

#define WAMP_VERSION	"0.1.0"
