print("minewardend")
