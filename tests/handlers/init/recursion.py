def dig():
    dig()


dig()
