// Package epuap is the connector to a box (skrytka) of ePUAP.
package epuap
