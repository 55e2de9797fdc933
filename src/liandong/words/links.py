"""What is said of 对账 with another organisation's node."""

DIFFERENCES = {
    "missing_there": "对方没有这次转办",
    "missing_here": "本节点没有这次转办",
    "state": "两边的状态对不上",
    "two_holders": "两边都算在自己手里",
    "order": "说过和收到的对不上",
}
UNCOMPARED = {
    "unreached": "对方没有回应",
    "no_key": "没有今天有效的密钥",
    "own_key": "本节点打不开共用密钥",
    "signature_wrong": "回答的签名不对",
    "no_address": "对方自己来取消息，由对方来对",
    "404": "对方的系统不答对账",
}
