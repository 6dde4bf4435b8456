// Package tencent is what the products of Tencent Cloud with an API of version 3 are asked and
// judged by, beyond what package common demands of any endpoint.
package tencent
