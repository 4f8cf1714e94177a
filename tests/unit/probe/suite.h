#pragma once

class QObject;

// The test objects of this folder, one per file.
QObject *makeAddressTest();
QObject *makeTargetsTest();
QObject *makeClientHelloTest();
QObject *makeServerHelloTest();
QObject *makeHttpHeadTest();
QObject *makeCertificateTest();
QObject *makeTlsProbeTest();
QObject *makeHttpProbeTest();
QObject *makePortProbeTest();
QObject *makeProbesTest();
